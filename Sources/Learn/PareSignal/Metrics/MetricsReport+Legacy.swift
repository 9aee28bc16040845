import PareNumerics

extension MetricsReport {
  /// The definitions of OpenDPD version 1, bin for bin.
  ///
  /// - Source: https://github.com/lab-emi/OpenDPD, `utils/metrics.py`; differs: an odd segment length is rotated so that
  ///   the frequencies rise, which the source does only for even lengths.
  static func legacy(
    of output: IQSignal, against reference: IQSignal, plan: BandPlan
  ) throws(SignalError) -> MetricsReport {
    let length = plan.segmentLength
    let bins = try LegacyBins(plan: plan)
    let transform = FourierTransform(count: length)
    let window = WelchSpectrum.hann(length)
    var nmseSum = 0.0
    var ratioSum = 0.0
    var power = [Double](repeating: 0, count: length)
    let starts = Array(stride(from: 0, to: output.count, by: length))
    for start in starts {
      let range = start..<min(start + length, output.count)
      let (p, t) = (output[range], reference[range])
      let energy = t.energy()
      guard energy > 0 else {
        throw SignalError(.silent(what: "the reference in samples \(range)"))
      }
      nmseSum += decibels((p - t).energy() / energy)
      ratioSum += try bins.errorRatio(
        spectrum(p, length, transform), spectrum(t, length, transform), samples: range)
      let windowed = spectrum(p, length, transform, window: window)
      for k in 0..<length {
        power[k] += windowed.re[k] * windowed.re[k] + windowed.im[k] * windowed.im[k]
      }
    }
    let carriers = bins.carriers.map { power[$0].reduce(0, +) }
    let strongest = carriers.max() ?? 0
    guard strongest > 0 else { throw SignalError(.silent(what: "the output in its main channel")) }
    let left = power[bins.left].reduce(0, +)
    let right = power[bins.right].reduce(0, +)
    return MetricsReport(
      profile: .legacy, nmse: nmseSum / Double(starts.count),
      evm: 2 * decibels(ratioSum / Double(starts.count)),
      aclr: (decibels(left / strongest), decibels(right / strongest)), acpr: nil)
  }

  /// Spectrum of one segment, zero-padded at its end, frequencies rising from the lowest.
  ///
  /// - Parameter window: removes the mean and weights the samples when given.
  private static func spectrum(
    _ signal: IQSignal, _ length: Int, _ transform: FourierTransform, window: [Double]? = nil
  ) -> (re: [Double], im: [Double]) {
    let padding = [Double](repeating: 0, count: length - signal.count)
    var re = signal.i + padding
    var im = signal.q + padding
    if let window {
      let meanI = re.reduce(0, +) / Double(length)
      let meanQ = im.reduce(0, +) / Double(length)
      for n in 0..<length {
        re[n] = (re[n] - meanI) * window[n]
        im[n] = (im[n] - meanQ) * window[n]
      }
    }
    transform.forward(&re, &im)
    let positive = length - length / 2
    return (
      Array(re[positive...] + re[..<positive]), Array(im[positive...] + im[..<positive])
    )
  }
}

/// Which bins of a spectrum with rising frequencies belong to which carrier.
private struct LegacyBins {
  let carriers: [Range<Int>]
  let left: Range<Int>
  let right: Range<Int>

  init(plan: BandPlan) throws(SignalError) {
    let length = plan.segmentLength
    let binWidth = plan.sampleRate / Double(length)
    let half = plan.bandwidth / 2
    func frequency(_ index: Int) -> Double { Double(index - length / 2) * binWidth }
    // A band edge within a billionth of a bin counts as that bin.
    let slack = 1e-9 * binWidth
    let first = (0..<length).first { frequency($0) >= -half - slack } ?? 0
    let last = (0..<length).last { frequency($0) <= half + slack } ?? length - 1
    let width = (last - first) / plan.subChannelCount
    guard width >= 1, first - width >= 0, last + width <= length else {
      throw SignalError(
        .badPlan(
          reason: "windows of \(length) samples at \(plan.sampleRate) Hz cannot show "
            + "\(plan.subChannelCount) sub-channels and their neighbours"))
    }
    carriers = (0..<plan.subChannelCount).map {
      first + $0 * width..<first + ($0 + 1) * width
    }
    left = first - width..<first
    right = last..<last + width
  }

  /// Mean over the carriers of mean |P - T| over mean |T|.
  func errorRatio(
    _ p: (re: [Double], im: [Double]), _ t: (re: [Double], im: [Double]), samples: Range<Int>
  ) throws(SignalError) -> Double {
    var sum = 0.0
    for carrier in carriers {
      var error = 0.0
      var size = 0.0
      for k in carrier {
        error += Complex(p.re[k] - t.re[k], p.im[k] - t.im[k]).magnitude
        size += Complex(t.re[k], t.im[k]).magnitude
      }
      guard size > 0 else {
        throw SignalError(.silent(what: "the reference in one carrier of samples \(samples)"))
      }
      sum += error / size
    }
    return sum / Double(carriers.count)
  }
}
