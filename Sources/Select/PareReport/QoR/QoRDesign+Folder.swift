public import PareExplore
import PareFixed
import PareNumerics
import PareQoR
public import PareSignal
import PareText

extension QoRDesign.Implementation {
  /// What a design folder tells: its `qor.json`, the NMSE in its `model.json`, and its cells by the model.
  ///
  /// - Parameter name: in tables; the last part of the folder's path unless given.
  /// - Throws: ``ExploreError`` for a folder that is none or has no `qor.json`, `QoRError` when that cannot be read.
  public init(folder: DesignFolder, name: String? = nil) throws {
    var path = folder.path
    while path.hasSuffix("/"), path.count > 1 { path.removeLast() }
    let file = "\(path)/qor.json"
    guard TextFile.exists(file) else {
      throw ExploreError(
        .file(path: file), "\(path): there is no qor.json in it",
        hint: "make one with: pare implement \(path)")
    }
    var accuracy: QoRDesign.Accuracy?
    if case .model(let model) = folder.source, let training = model.training, let task = model.task
    {
      accuracy = QoRDesign.Accuracy(
        validationNMSE: training.fixedValidationNMSEdB, testNMSE: training.fixedTestNMSEdB,
        dataset: task.dataset, generator: model.generator)
    }
    self.init(
      name: name ?? path.split(separator: "/").last.map(String.init) ?? path,
      summary: folder.manifest.summary, accuracy: accuracy,
      records: try QoR(contentsOf: file).records,
      resources: QoRDesign.Resources(
        of: try folder.pipeline(), generator: folder.manifest.generator))
  }
}

extension QoRDesign {
  /// Name of the file in a design folder that may hold a study of word lengths, as `pare wordlength --json` prints it.
  public static let wordLengthFile = "wordlength.json"

  /// What a design folder tells, beside its baseline's, with signals where there is a data set to send through it.
  ///
  /// - Parameters:
  ///   - baseline: folder of the unoptimized twin.
  ///   - dataset: what spectra and characteristics are taken from.
  ///   - amplifier: what a predistorter drives, and the samples around an output that it depends on.
  ///   - generator: program and version, for the footnotes.
  /// - Throws: ``ExploreError`` for a folder that is none or lacks its figures; the errors of damaged files; `SignalError`.
  public init(
    folder: DesignFolder, baseline: DesignFolder? = nil, dataset: IQDataset? = nil,
    amplifier: (model: AmplifierModel, memory: Int)? = nil, generator: String
  ) throws {
    self.init(
      try Implementation(folder: folder),
      baseline: try baseline.map { try Implementation(folder: $0) })
    let study = "\(folder.path)/\(Self.wordLengthFile)"
    wordLengths =
      TextFile.exists(study)
      ? .value(try WordLengthCurve(json: TextFile.read(study), file: study))
      : .absent("\(folder.path) has no \(Self.wordLengthFile), which pare wordlength --json prints")
    signal = try Self.signal(
      of: folder, on: dataset, through: amplifier, generator: generator)
  }

  private static func signal(
    of folder: DesignFolder, on dataset: IQDataset?,
    through amplifier: (model: AmplifierModel, memory: Int)?, generator: String
  ) throws -> Known<SignalFigures> {
    guard case .model(let file) = folder.source else {
      return .absent("the design is a filter bank, which is neither predistorter nor amplifier")
    }
    guard let dataset else { return .absent("no data set was given to send through the design") }
    guard let task = file.task else {
      return .absent("the model does not say what it was trained for")
    }
    guard task.datasetHash == StableHash.hex(dataset.stableHash) else {
      return .absent("the network was trained on other samples than \(dataset.name)")
    }
    let model = try WaveformModel(contentsOf: "\(folder.path)/\(folder.manifest.source)")
    return .value(
      try SignalFigures(
        of: model, on: dataset, through: amplifier?.model,
        margin: model.memory + (amplifier?.memory ?? 0), generator: generator))
  }
}
