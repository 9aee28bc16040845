import Foundation
import PareNumerics
import PareSignal
import Testing

struct CaptureImporterTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Delays by turning phases over the whole length, which is exact but for the ends that wrap around.
  static func delayed(_ signal: IQSignal, by delay: Double) -> IQSignal {
    let transform = FourierTransform(count: signal.count)
    var (re, im) = (signal.i, signal.q)
    transform.forward(&re, &im)
    for k in 0..<signal.count {
      let cycles = k <= signal.count / 2 ? k : k - signal.count
      let turn = unitPhasor(turns: -Double(cycles) * delay / Double(signal.count))
      (re[k], im[k]) = (re[k] * turn.re - im[k] * turn.im, re[k] * turn.im + im[k] * turn.re)
    }
    transform.inverse(&re, &im)
    return IQSignal(i: re, q: im)
  }

  static func importer(delay: Double? = nil) -> CaptureImporter {
    CaptureImporter(
      bandwidth: 200e6, subChannelCount: 5, sampleRate: 983.04e6, segmentLength: 8192, delay: delay)
  }

  private func imported(
    _ x: IQSignal, _ y: IQSignal, delay: Double? = nil
  ) throws -> (dataset: IQDataset, alignment: Alignment) {
    try x.write(toCSV: scratch.file("x.csv"))
    try y.write(toCSV: scratch.file("y.csv"))
    return try Self.importer(delay: delay).dataset(
      named: "imported", input: scratch.file("x.csv"), output: scratch.file("y.csv"))
  }

  /// NMSE without a model and ACLR of the test split.
  private func figures(_ dataset: IQDataset) throws -> [Double] {
    let part = try dataset.summary().parts[2]
    return [
      part.nmseOwnGain, part.nmseTrainingGain, try #require(part.outputACLRLeft),
      try #require(part.outputACLRRight),
    ]
  }

  /// The second measurement is aligned to 0.005 samples as published, so the absolute delay can be checked.
  @Test
  func `a raw pair with 11.3 samples of delay gives the aligned figures`() throws {
    let measured = try Measured.dataset("opendpd/APA_200MHz_b").training
    let raw = try imported(measured.input, Self.delayed(measured.output, by: 11.3))
    let aligned = try IQDataset(name: "aligned", splitting: measured, plan: raw.dataset.plan)
    let whole = leastSquaresGain(from: measured.input, to: measured.output)
    #expect(abs(raw.alignment.delay - 11.3) < 0.01)
    #expect((raw.alignment.gain - whole).magnitude < 1e-3)
    for (found, wanted) in zip(try figures(raw.dataset), try figures(aligned)) {
      // The trimmed ends move the splits by a few dozen samples out of 59,000.
      #expect(abs(found - wanted) < 0.05)
    }
  }

  /// The first measurement itself lags by 0.08 samples, which an import removes and a given delay keeps.
  @Test
  func `delays add up, and a given delay is taken as it is`() throws {
    let measured = try Measured.dataset("opendpd/APA_200MHz").training
    let late = Self.delayed(measured.output, by: 11.3)
    let plain = try imported(measured.input, measured.output)
    let raw = try imported(measured.input, late)
    #expect(abs(raw.alignment.delay - plain.alignment.delay - 11.3) < 0.01)
    for (found, wanted) in zip(try figures(raw.dataset), try figures(plain.dataset)) {
      #expect(abs(found - wanted) < 0.05)
    }
    let given = try imported(measured.input, late, delay: 11.3)
    let aligned = try IQDataset(name: "aligned", splitting: measured, plan: given.dataset.plan)
    #expect(given.alignment.delay == 11.3)
    for (found, wanted) in zip(try figures(given.dataset), try figures(aligned)) {
      #expect(abs(found - wanted) < 0.05)
    }
  }

  @Test(arguments: [-700.45, -3.5, -0.01, 0, 0.25, 11.3, 100, 2000.75])
  func `a pure delay is found and undone`(delay: Double) throws {
    let x = try OFDMWaveform().signal(count: 16_384, peak: 0.5, random: RandomStream(seed: 3))
    // The second capture also has a gain, and its ends have wrapped around.
    let gain = Complex(1.5, -0.7)
    let y = Self.delayed(x, by: delay).scaled(by: gain)
    let (dataset, alignment) = try Self.smallImporter.dataset(
      named: "pure", input: x, output: y, sampleRate: 983.04e6)
    #expect(abs(alignment.delay - delay) < 0.003)
    #expect((alignment.gain - gain).magnitude < 1e-3)
    #expect(try dataset.summary().parts[1].nmseTrainingGain < -55)
  }

  static var smallImporter: CaptureImporter {
    CaptureImporter(bandwidth: 200e6, subChannelCount: 5, segmentLength: 1024)
  }

  @Test
  func `the order of formats does not matter`() throws {
    let x = try OFDMWaveform().signal(count: 8192, peak: 0.5, random: RandomStream(seed: 4))
    let y = MemoryPolynomialAmplifier().amplify(x)
    try x.write(toCSV: scratch.file("x.csv"))
    let numbers = zip(y.i, y.q).flatMap {
      [$0.bitPattern.littleEndian, $1.bitPattern.littleEndian]
    }
    let data = unsafe numbers.withUnsafeBytes { unsafe Data($0) }
    try scratch.write(CaptureTests.npy("<c16", shape: "(8192,)", data), to: "y.npy")
    try scratch.write(data, to: "y.sigmf-data")
    try scratch.write(
      #"{"global": {"core:datatype": "cf64_le", "core:sample_rate": 983.04e6}}"#,
      to: "y.sigmf-meta")
    let sets = try ["y.npy", "y.sigmf-meta"].map { name in
      var importer = Self.smallImporter
      if name == "y.npy" { importer.sampleRate = 983.04e6 }
      return try importer.dataset(
        named: "same", input: scratch.file("x.csv"), output: scratch.file(name)
      ).dataset
    }
    #expect(sets[0] == sets[1])
    var contradicting = Self.smallImporter
    contradicting.sampleRate = 1e9
    #expect(throws: SignalError.self) {
      try contradicting.dataset(
        named: "same", input: scratch.file("x.csv"), output: scratch.file("y.sigmf-meta"))
    }
  }

  @Test
  func `an unrelated pair is refused`() throws {
    let x = IQDatasetTests.noise(5000, seed: 1)
    let error = try #require(throws: SignalError.self) {
      try Self.smallImporter.dataset(
        named: "no", input: x, output: IQDatasetTests.noise(5000, seed: 2), sampleRate: 983.04e6)
    }
    guard case .uncorrelated = error.code else {
      Issue.record("\(error)")
      return
    }
  }

  @Test
  func `swapped I and Q are recognized`() throws {
    let x = IQDatasetTests.noise(5000, seed: 1)
    let error = try #require(throws: SignalError.self) {
      try Self.smallImporter.dataset(
        named: "no", input: x, output: IQSignal(i: x.q, q: x.i), sampleRate: 983.04e6)
    }
    #expect(error.hint.contains("swap I and Q"))
  }

  @Test
  func `captures without overlap or sample rate are refused`() throws {
    let x = IQDatasetTests.noise(500, seed: 1)
    #expect(throws: SignalError.self) {
      try Self.smallImporter.dataset(
        named: "no", input: x, output: x[0..<100], sampleRate: 983.04e6)
    }
    var far = Self.smallImporter
    far.delay = 450
    #expect(throws: SignalError.self) {
      try far.dataset(named: "no", input: x, output: x, sampleRate: 983.04e6)
    }
    try x.write(toCSV: scratch.file("x.csv"))
    #expect(throws: SignalError.self) {
      try Self.smallImporter.dataset(
        named: "no", input: scratch.file("x.csv"), output: scratch.file("x.csv"))
    }
  }
}
