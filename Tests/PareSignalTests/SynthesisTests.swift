import PareNumerics
import PareSignal
import Testing

struct SynthesisTests {
  @Test
  func `the memory polynomial's first outputs by hand`() {
    // x = 0.5, then 0: y[0] = 0.5 (c10 + c30/4 + c50/16), y[1] = 0.5 (c11 + ...), y[2] = 0.5 (c12 + ...).
    let y = MemoryPolynomialAmplifier().amplify(IQSignal(i: [0.5, 0, 0, 0], q: [0, 0, 0, 0]))
    let wanted = [
      (0.5 * (1.0513 - 0.0542 / 4 - 0.9657 / 16), 0.5 * (0.0904 - 0.2900 / 4 - 0.7028 / 16)),
      (0.5 * (-0.0680 + 0.2234 / 4 - 0.2451 / 16), 0.5 * (-0.0023 + 0.2317 / 4 - 0.3735 / 16)),
      (0.5 * (0.0289 - 0.0621 / 4 + 0.1229 / 16), 0.5 * (-0.0054 - 0.0932 / 4 + 0.1508 / 16)),
      (0.0, 0.0),
    ]
    for (n, (re, im)) in wanted.enumerated() {
      #expect((y[n] - Complex(re, im)).magnitude < 1e-15)
    }
  }

  @Test
  func `small signals through the Wiener-Hammerstein system meet its two filters`() {
    // With a tiny impulse only b1 acts, so the output is b1 times the product of both transfer functions.
    var impulse = [Double](repeating: 0, count: 200)
    impulse[0] = 1e-9
    let y = WienerHammersteinAmplifier().amplify(
      IQSignal(i: impulse, q: [Double](repeating: 0, count: 200)))
    for turns in [0.0, 0.1, 0.25, 0.37, 0.5] {
      var response = Complex.zero
      for n in 0..<200 { response = response + y[n] * unitPhasor(turns: -turns * Double(n)) }
      let z1 = unitPhasor(turns: -turns)
      let z2 = z1 * z1
      let h = (Complex.one + 0.5 * z2) * (Complex.one - 0.2 * z1).reciprocal
      let g = (Complex.one - 0.1 * z2) * (Complex.one - 0.4 * z1).reciprocal
      let wanted = Complex(1.0108, 0.0858) * h * g
      #expect((1e9 * response - wanted).magnitude < 1e-12)
    }
  }

  @Test(arguments: PublishedAmplifiers.all.map(\.name))
  func `amplifiers bend the nominal waveform as real ones do`(name: String) throws {
    let amplifier = try #require(PublishedAmplifiers.amplifier(named: name))
    let dataset = try IQDataset.synthesized(by: amplifier, seed: 7)
    let ideal = try dataset.metrics(of: dataset.test.input, on: .test, gain: .one)
    let test = try dataset.summary().parts[2]
    // A clean stimulus, visible distortion, and no more than an amplifier in use would show.
    #expect(ideal.aclrLeft < -60 && ideal.aclrRight < -60)
    #expect(try #require(test.outputACLRLeft) > -40)
    #expect((-35 ... -10).contains(test.nmseTrainingGain))
    #expect((7...14).contains(test.inputPAPR))
    #expect(abs(dataset.residualDelay) < 0.5)
  }

  /// The hash was printed once; it pins every sample on every machine.
  @Test(arguments: [
    ("memory-polynomial", 4_705_228_980_489_395_939),
    ("wiener-hammerstein", 3_966_829_858_993_133_211),
  ])
  func `the same seed gives the same bits everywhere`(name: String, hash: UInt64) throws {
    let amplifier = try #require(PublishedAmplifiers.amplifier(named: name))
    func made(_ seed: UInt64) throws -> IQDataset {
      try .synthesized(by: amplifier, seed: seed, sampleCount: 6000, signalToNoise: 45)
    }
    let (found, other) = (try made(7).stableHash, try made(8).stableHash)
    #expect(found == hash)
    #expect(other != hash)
  }

  @Test
  func `noise has the power that was asked for`() throws {
    let amplifier = MemoryPolynomialAmplifier()
    let quiet = try IQDataset.synthesized(by: amplifier, seed: 1, sampleCount: 20_000)
    let noisy = try IQDataset.synthesized(
      by: amplifier, seed: 1, sampleCount: 20_000, signalToNoise: 33.3)
    #expect(noisy.training.input == quiet.training.input)
    // 12,000 samples estimate the power to about 0.06 dB.
    #expect(abs(nmse(noisy.training.output, against: quiet.training.output) + 33.3) < 0.2)
  }

  @Test
  func `impossible waveforms are refused`() {
    var waveforms: [OFDMWaveform] = []
    for change in [
      { $0.constellationSize = 32 }, { $0.prefixLength = 9000 }, { $0.bandwidth = 2e9 },
      { $0.subChannelCount = 0 }, { $0.subChannelCount = 2000 }, { $0.edgeLength = 600 },
      { $0.sampleRate = .nan }, { $0.transformLength = 0 },
    ] as [(inout OFDMWaveform) -> Void] {
      var waveform = OFDMWaveform()
      change(&waveform)
      waveforms.append(waveform)
    }
    for waveform in waveforms {
      #expect(throws: SignalError.self) {
        try waveform.signal(count: 100, peak: 1, random: RandomStream(seed: 1))
      }
    }
    #expect(throws: SignalError.self) {
      try IQDataset.synthesized(by: MemoryPolynomialAmplifier(), seed: 1, sampleCount: 3)
    }
  }
}
