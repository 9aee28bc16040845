import Foundation
import PareNumerics
import PareSignal
import Testing

struct IQDatasetTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  static func noise(_ count: Int, seed: UInt64) -> IQSignal {
    var random = RandomStream(seed: seed)
    let i = (0..<count).map { _ in random.normal() / 8 }
    return IQSignal(i: i, q: (0..<count).map { _ in random.normal() / 8 })
  }

  static func dataset(
    count: Int = 500, independent: Bool = false, gain: Complex = Complex(2, 1)
  ) throws -> IQDataset {
    let x = noise(count, seed: 1)
    let pair = IQPair(input: x, output: x.scaled(by: gain))
    return try IQDataset(
      name: "made", about: "by a test", training: pair, validation: pair[0..<250],
      test: pair[250..<500], plan: BandPlan(sampleRate: 4e6, bandwidth: 1e6, segmentLength: 128),
      segmentsAreIndependent: independent)
  }

  static let spec = """
    {"input_signal_fs": 4e6, "bw_main_ch": 1e6, "bw_sub_ch": 5e5, "n_sub_ch": 2, "nperseg": 4}
    """

  /// A small but complete folder; `replacing` changes or (nil) removes single files.
  private func folder(replacing: [String: String?] = [:]) throws -> String {
    var files: [String: String?] = ["spec.json": Self.spec]
    for split in ["train", "val", "test"] {
      files["\(split)_input.csv"] = "I,Q\n1,0\n0,1\n"
      files["\(split)_output.csv"] = "I,Q\n2,0\n0,2\n"
    }
    files.merge(replacing) { $1 }
    for (name, text) in files { if let text { try scratch.write(text, to: "set/\(name)") } }
    return scratch.file("set")
  }

  private func code(replacing: [String: String?]) throws -> SignalError.Code {
    let path = try folder(replacing: replacing)
    return try #require(throws: SignalError.self) { try IQDataset(contentsOf: path) }.code
  }

  @Test(arguments: [false, true])
  func `written data sets read back equal`(independent: Bool) throws {
    let dataset = try Self.dataset(independent: independent)
    let path = scratch.file("out/made")
    try dataset.write(to: path)
    let again = try IQDataset(contentsOf: path + "/")
    #expect(again == dataset)
    #expect(again.stableHash == dataset.stableHash)
    // Nothing temporary is left beside it.
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("out")) == ["made"])
  }

  @Test
  func `an existing folder is replaced only when asked`() throws {
    let path = scratch.file("made")
    try Self.dataset().write(to: path)
    #expect(throws: SignalError(.alreadyExists(path: path))) {
      try Self.dataset().write(to: path)
    }
    let other = try Self.dataset(gain: Complex(3))
    try other.write(to: path, replacing: true)
    #expect(try IQDataset(contentsOf: path) == other)
    #expect(try scratch.names == ["made"])
  }

  @Test
  func `what is no data set is never replaced`() throws {
    let notes = try scratch.write("mine", to: "own/notes.txt")
    for path in [scratch.file("own"), notes] {
      let error = #expect(throws: SignalError.self) {
        try Self.dataset().write(to: path, replacing: true)
      }
      #expect(error?.message.contains(path) == true)
    }
    #expect(try String(contentsOfFile: notes, encoding: .utf8) == "mine")
    #expect(try scratch.names == ["own"])
  }

  @Test
  func `a folder of six files and a spec`() throws {
    let dataset = try IQDataset(contentsOf: folder())
    #expect(dataset.name == "set")
    #expect(dataset.subChannelCount == 2 && dataset.segmentLength == 4)
    #expect(dataset.sampleRate == 4e6 && dataset.bandwidth == 1e6)
    #expect(dataset.leastSquaresGain == Complex(2))
    #expect(!dataset.segmentsAreIndependent)
  }

  @Test
  func `faults of a folder are named`() throws {
    let path = scratch.file("set")
    let spec = path + "/spec.json"
    #expect(
      try code(replacing: ["val_output.csv": "I,Q\n1,1\n"])
        == .unequalLengths(
          first: path + "/val_input.csv", firstCount: 2, second: path + "/val_output.csv",
          secondCount: 1))
    #expect(
      try code(replacing: ["spec.json": Self.spec.replacing("\"nperseg\": 4", with: "\"n\": 4")])
        == .badSpec(path: spec, key: "nperseg", reason: "is missing"))
    #expect(
      try code(replacing: ["spec.json": Self.spec.replacing("1e6", with: "\"wide\"")])
        == .badSpec(path: spec, key: "bw_main_ch", reason: "is not a number"))
    #expect(
      try code(replacing: ["spec.json": Self.spec.replacing("4e6", with: "-1")])
        == .badSpec(path: spec, key: "input_signal_fs", reason: "is -1.0, not positive"))
    #expect(
      try code(replacing: ["spec.json": "{"])
        == .badSpec(path: spec, key: "", reason: "not valid JSON"))
    #expect(
      try code(replacing: ["spec.json": Self.spec.replacing("5e5", with: "7e5")])
        == .badSpec(
          path: spec, key: "bw_sub_ch", reason: "is 700000.0: 2 of these do not fit 1000000.0"))
  }

  @Test
  func `a missing split, folder or spec is named`() throws {
    let path = try folder(replacing: ["test_input.csv": nil])
    #expect(
      throws: SignalError(
        .badSplit(path: path, reason: "test_input.csv of 'test' is missing"))
    ) { try IQDataset(contentsOf: path) }
    let nowhere = scratch.file("nowhere")
    #expect(throws: SignalError(.fileNotFound(path: nowhere))) {
      try IQDataset(contentsOf: nowhere)
    }
    #expect(throws: SignalError(.notADataset(path: scratch.path))) {
      try IQDataset(contentsOf: scratch.path)
    }
  }

  @Test
  func `silent and unrelated pairs are refused`() throws {
    #expect(throws: SignalError.self) {
      try IQDataset(contentsOf: folder(replacing: ["train_output.csv": "I,Q\n0,0\n0,0\n"]))
    }
    #expect(throws: SignalError.self) {
      try IQDataset(contentsOf: folder(replacing: ["train_output.csv": "I,Q\n1,0\n0,-1\n"]))
    }
  }

  @Test(arguments: [
    (#""split_ratios": {"train": 0.5, "val": 0.3, "test": 0.2}"#, [5, 3, 2]),
    (#""split_indices": {"train_end": 4, "val_end": 9}"#, [4, 5, 1]),
    (#""csv_filename": "data.csv""#, [6, 2, 2]),
  ])
  func `the single table is cut as its spec says`(key: String, counts: [Int]) throws {
    let path = try singleTable(key)
    let dataset = try IQDataset(contentsOf: path)
    #expect(Split.allCases.map { dataset[$0].count } == counts)
    let input = Split.allCases.flatMap { dataset[$0].input.i }
    #expect(input == (0..<10).map(Double.init))
    #expect(dataset.test.output.q.last == 36)
  }

  @Test(arguments: [
    #""split_ratios": {"train": 0.9, "val": 0.3, "test": 0.2}"#,
    #""split_ratios": {"train": 0.99, "val": 0.005, "test": 0.005}"#,
    #""split_ratios": {"train": 0.8, "val": 0.2}"#,
    #""split_indices": {"train_end": 9, "val_end": 4}"#,
    #""split_indices": {"train_end": 4}"#,
  ])
  func `wrong splits are refused`(key: String) throws {
    let path = try singleTable(key)
    let error = try #require(throws: SignalError.self) { try IQDataset(contentsOf: path) }
    guard case .badSplit = error.code else {
      Issue.record("\(error)")
      return
    }
  }

  private func singleTable(_ key: String) throws -> String {
    var table = "Q_out,I_in,Q_in,I_out\n"
    for n in 0..<10 { table += "\(4 * n),\(n),\(2 * n),\(2 * n)\n" }
    try scratch.write(table, to: "single/data.csv")
    try scratch.write(
      #"{"dataset_format": "single_csv", "input_signal_fs": 4e6, "bw_main_ch": 1e6, "#
        + #""n_sub_ch": 1, "nperseg": 4, \#(key)}"#, to: "single/spec.json")
    return scratch.file("single")
  }

  @Test
  func `segments cover every split without gaps`() throws {
    let dataset = try Self.dataset(independent: true)
    #expect(dataset.segments(of: .training) == [0..<128, 128..<256, 256..<384, 384..<500])
    #expect(try Self.dataset().segments(of: .training) == [0..<500])
  }

  /// With a linear amplifier, output over gain is the input, so both tasks learn the identity.
  @Test(arguments: LearningTask.allCases)
  func `a linear amplifier leaves nothing to learn`(task: LearningTask) throws {
    let dataset = try Self.dataset(independent: true)
    let splits = dataset.sampleSplits(for: task)
    #expect(splits.training.segments.count == 4)
    #expect(splits.validation.count == 250 && splits.test.count == 250)
    // Single precision leaves about -140 dB.
    #expect(nmse(splits.test.input, against: splits.test.target) < -130)
  }

  @Test
  func `the two tasks mirror each other`() throws {
    let x = Self.noise(500, seed: 1)
    let pair = IQPair(input: x, output: MemoryPolynomialAmplifier().amplify(x))
    let dataset = try IQDataset(
      name: "made", splitting: pair, plan: BandPlan(sampleRate: 4e6, bandwidth: 1e6))
    let inverse = dataset.sampleSplits(for: .inverse).test
    let forward = dataset.sampleSplits(for: .forward).test
    #expect(inverse.input == forward.target && inverse.target == forward.input)
    #expect(inverse.target == dataset.test.input.channels)
    let g = dataset.leastSquaresGain
    let restored = IQSignal(channels: inverse.input).scaled(by: g)
    #expect(nmse(restored, against: dataset.test.output) < -130)
  }

  @Test
  func `the gain is orthogonal to what it leaves`() throws {
    let x = Self.noise(500, seed: 2)
    let y = WienerHammersteinAmplifier().amplify(x)
    let rest = y - x.scaled(by: leastSquaresGain(from: x, to: y))
    #expect(leastSquaresGain(from: x, to: rest).magnitude < 1e-15)
  }

  @Test
  func `the hash follows the samples and not the name`() throws {
    let a = try Self.dataset()
    let renamed = try IQDataset(
      name: "other", training: a.training, validation: a.validation, test: a.test, plan: a.plan)
    let b = try Self.dataset(gain: Complex(2, 1.0000001))
    #expect(renamed.stableHash == a.stableHash)
    #expect(b.stableHash != a.stableHash)
    #expect(try Self.dataset(independent: true).stableHash != a.stableHash)
  }
}
