import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension IQDataset {
  /// Reads a data-set folder: `spec.json` with either six files `{train,val,test}_{input,output}.csv` or one table.
  ///
  /// The single table (`dataset_format` = `single_csv`) has columns `I_in, Q_in, I_out, Q_out` and is cut in order of
  /// time at `split_indices`, or by `split_ratios`, or 60 : 20 : 20.
  ///
  /// - Parameter folder: path of the folder.
  /// - Throws: ``SignalError`` with file, line and reason; `CancellationError` when the task is cancelled.
  public init(contentsOf folder: String) throws {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw SignalError(.fileNotFound(path: folder))
    }
    let specPath = folder.appendingComponent(DatasetSpec.fileName)
    guard isFolder, FileManager.default.fileExists(atPath: specPath) else {
      throw SignalError(.notADataset(path: folder))
    }
    let spec = try DatasetSpec.read(path: specPath)
    let pairs =
      spec.format == "single_csv"
      ? try Self.singleTable(
        at: folder.appendingComponent(spec.csvFilename ?? "data.csv"), spec: spec)
      : try Split.allCases.map { try Self.pair(of: $0, in: folder) }
    try self.init(
      name: spec.name ?? folder.lastComponent, about: spec.description ?? "",
      training: pairs[0], validation: pairs[1], test: pairs[2],
      plan: BandPlan(
        sampleRate: spec.sampleRate, bandwidth: spec.bandwidth,
        subChannelCount: spec.subChannelCount, segmentLength: spec.segmentLength),
      subChannelBandwidth: spec.subChannelBandwidth,
      segmentsAreIndependent: spec.hasIndependentSegments)
  }

  private static func pair(of split: Split, in folder: String) throws -> IQPair {
    let inputPath = folder.appendingComponent("\(split.rawValue)_input.csv")
    let outputPath = folder.appendingComponent("\(split.rawValue)_output.csv")
    for path in [inputPath, outputPath] where !FileManager.default.fileExists(atPath: path) {
      throw SignalError(
        .badSplit(path: folder, reason: "\(path.lastComponent) of '\(split.rawValue)' is missing"))
    }
    let input = try IQSignal(contentsOfCSV: inputPath)
    let output = try IQSignal(contentsOfCSV: outputPath)
    guard input.count == output.count else {
      throw SignalError(
        .unequalLengths(
          first: inputPath, firstCount: input.count, second: outputPath, secondCount: output.count))
    }
    return IQPair(input: input, output: output)
  }

  private static func singleTable(at path: String, spec: DatasetSpec) throws -> [IQPair] {
    var columns = try CSVReader.columns(["I_in", "Q_in", "I_out", "Q_out"], of: path)
    let ends = try splitEnds(of: columns[0].count, spec: spec, path: path)
    let ranges = [0..<ends.training, ends.training..<ends.validation, ends.validation..<ends.test]
    // One column at a time is cut and freed, so that the table is never held twice.
    var parts: [[[Double]]] = [[], [], []]
    columns.reverse()
    while let column = columns.popLast() {
      for (part, range) in ranges.enumerated() { parts[part].append(Array(column[range])) }
    }
    return parts.map { part in
      IQPair(input: IQSignal(i: part[0], q: part[1]), output: IQSignal(i: part[2], q: part[3]))
    }
  }

  private static func splitEnds(
    of count: Int, spec: DatasetSpec, path: String
  ) throws(SignalError) -> (training: Int, validation: Int, test: Int) {
    func bad(_ reason: String) -> SignalError { SignalError(.badSplit(path: path, reason: reason)) }
    var ends = (training: 0, validation: 0, test: count)
    if let indices = spec.splitIndices {
      guard let training = indices["train_end"], let validation = indices["val_end"] else {
        throw bad("split_indices needs train_end and val_end")
      }
      (ends.training, ends.validation) = (training, validation)
    } else {
      let ratios = spec.splitRatios ?? ["train": 0.6, "val": 0.2, "test": 0.2]
      guard ratios.keys.sorted() == ["test", "train", "val"] else {
        throw bad("split_ratios needs exactly train, val and test")
      }
      let values = Split.allCases.map { ratios[$0.rawValue]! }
      guard values.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(values.reduce(0, +) - 1) < 1e-6 else {
        throw bad("the ratios \(values[0]), \(values[1]), \(values[2]) do not sum to 1")
      }
      ends.training = Int(Double(count) * values[0])
      ends.validation = ends.training + Int(Double(count) * values[1])
    }
    guard 0 < ends.training, ends.training < ends.validation, ends.validation < count else {
      throw bad(
        "cuts at \(ends.training) and \(ends.validation) of \(count) samples leave a part empty")
    }
    return ends
  }

  /// Writes the folder that ``init(contentsOf:)`` reads back to an equal data set.
  ///
  /// Everything is written to a temporary folder beside it, which is then renamed.
  ///
  /// - Parameter replacing: whether an existing data set, or an empty folder, may be replaced; nothing else ever is.
  /// - Throws: ``SignalError`` when the folder exists or cannot be written.
  public func write(to folder: String, replacing: Bool = false) throws {
    let files = FileManager.default
    if files.fileExists(atPath: folder), !replacing {
      throw SignalError(.alreadyExists(path: folder))
    }
    guard Self.mayReplace(folder) else {
      throw SignalError(
        .unwritable(path: folder, reason: "it is there and is no data set, so it is not replaced"))
    }
    let process = ProcessInfo.processInfo.processIdentifier
    let partial = folder.withoutTrailingSlash + ".partial-\(process)"
    let former = folder.withoutTrailingSlash + ".former-\(process)"
    do {
      try? files.removeItem(atPath: partial)
      try files.createDirectory(atPath: partial, withIntermediateDirectories: true)
      for split in Split.allCases {
        let stem = partial.appendingComponent(split.rawValue)
        try self[split].input.write(toCSV: stem + "_input.csv")
        try self[split].output.write(toCSV: stem + "_output.csv")
      }
      try spec.text().write(
        to: URL(filePath: partial.appendingComponent(DatasetSpec.fileName)), options: .atomic)
      let replaced = files.fileExists(atPath: folder)
      if replaced { try files.moveItem(atPath: folder, toPath: former) }
      try files.moveItem(atPath: partial, toPath: folder)
      if replaced { try files.removeItem(atPath: former) }
    } catch {
      // The former folder goes back to its place if the new one did not get there.
      if !files.fileExists(atPath: folder) { try? files.moveItem(atPath: former, toPath: folder) }
      try? files.removeItem(atPath: partial)
      if let error = error as? SignalError { throw error }
      throw SignalError(.unwritable(path: folder, reason: WholeFile.reason(of: error)))
    }
  }

  /// Whether a path is free, an empty folder, or a data set.
  private static func mayReplace(_ path: String) -> Bool {
    let files = FileManager.default
    if files.fileExists(atPath: path.appendingComponent(DatasetSpec.fileName)) { return true }
    guard files.fileExists(atPath: path) else { return true }
    // What is no folder, or cannot be listed, has no contents to be judged by.
    guard let contents = try? files.contentsOfDirectory(atPath: path) else { return false }
    return contents.isEmpty
  }

  private var spec: DatasetSpec {
    let counts = Split.allCases.map { Double(self[$0].count) }
    let total = counts.reduce(0, +)
    return DatasetSpec(
      description: about.isEmpty ? nil : about, format: "split_csv",
      splitRatios: [
        "train": counts[0] / total, "val": counts[1] / total, "test": counts[2] / total,
      ],
      sampleRate: sampleRate, bandwidth: bandwidth, subChannelBandwidth: subChannelBandwidth,
      subChannelCount: subChannelCount, segmentLength: segmentLength,
      segmentsAreIndependent: segmentsAreIndependent, name: name,
      schemaVersion: DatasetSpec.schemaVersion)
  }
}

extension String {
  var withoutTrailingSlash: String {
    var text = self
    while text.count > 1, text.last == "/" { text.removeLast() }
    return text
  }

  func appendingComponent(_ name: String) -> String { withoutTrailingSlash + "/" + name }

  var lastComponent: String {
    withoutTrailingSlash.split(separator: "/").last.map(String.init) ?? self
  }
}
