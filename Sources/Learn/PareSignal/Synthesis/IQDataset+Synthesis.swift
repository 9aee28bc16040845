import PareNumerics

extension IQDataset {
  /// A data set without any measurement: a seeded OFDM waveform through a published amplifier, aligned to the sample.
  ///
  ///     let dataset = try IQDataset.synthesized(by: MemoryPolynomialAmplifier(), seed: 7)
  ///
  /// - Parameters:
  ///   - sampleCount: all three splits together, 60 : 20 : 20 in order of time.
  ///   - peak: largest input magnitude; the amplifier's nominal peak when absent.
  ///   - signalToNoise: ratio in dB of output to added white noise; no noise when absent.
  /// - Returns: the same samples on every machine for the same arguments.
  /// - Throws: ``SignalError`` when the parameters do not describe a waveform.
  public static func synthesized(
    by amplifier: any PowerAmplifier, seed: UInt64, waveform: OFDMWaveform = OFDMWaveform(),
    sampleCount: Int = 98_304, peak: Double? = nil, signalToNoise: Double? = nil
  ) throws -> IQDataset {
    let random = RandomStream(seed: seed)
    guard sampleCount >= 5, sampleCount < 1 << 32 else {
      throw SignalError(.badPlan(reason: "a data set of \(sampleCount) samples is not possible"))
    }
    let delay = amplifier.groupDelay
    let stimulus = try waveform.signal(
      count: sampleCount + delay, peak: peak ?? amplifier.nominalPeak,
      random: random.fork("symbols"))
    let input = stimulus[0..<sampleCount]
    var output = amplifier.amplify(stimulus)[delay..<sampleCount + delay]
    if let signalToNoise {
      guard (-100...400).contains(signalToNoise) else {
        throw SignalError(
          .badPlan(reason: "a signal-to-noise ratio of \(signalToNoise) dB is not possible"))
      }
      output = output.withNoise(
        rms: output.rms / amplitudeRatio(decibels: signalToNoise), random: random.fork("noise"))
    }
    var length = 4096
    while length > 16, length > sampleCount / 5 { length /= 2 }
    return try IQDataset(
      name: "synthetic-\(amplifier.name)",
      about: "seed \(seed): OFDM, \(waveform.constellationSize)QAM, through the \(amplifier.about)",
      splitting: IQPair(input: input, output: output),
      plan: BandPlan(
        sampleRate: waveform.sampleRate, bandwidth: waveform.bandwidth,
        subChannelCount: waveform.subChannelCount, segmentLength: length))
  }
}

extension IQSignal {
  /// Adds complex white noise of a root mean square.
  fileprivate func withNoise(rms: Double, random: RandomStream) -> IQSignal {
    var random = random
    let scale = rms * 0.5.squareRoot()
    var (newI, newQ) = (i, q)
    for n in 0..<count {
      newI[n] += scale * random.normal()
      newQ[n] += scale * random.normal()
    }
    return IQSignal(i: newI, q: newQ)
  }
}

/// `10^(decibels / 20)` by multiplications only, so that no machine's `pow` can change a bit.
func amplitudeRatio(decibels: Double) -> Double {
  let exponent = decibels / 20
  let whole = exponent.rounded(.down)
  var power = 1.0
  for _ in 0..<abs(Int(whole)) { power *= 10 }
  if whole < 0 { power = 1 / power }
  // 10^f = exp(f ln 10) by its Taylor sum; the argument is below 2.31.
  let argument = (exponent - whole) * 2.302585092994045684
  var (sum, term) = (1.0, 1.0)
  for n in 1...40 {
    term *= argument / Double(n)
    sum += term
  }
  return power * sum
}
