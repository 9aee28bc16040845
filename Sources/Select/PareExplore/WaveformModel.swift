public import PareFixed
import PareNetwork
import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// A function of a waveform that a file holds: a network in floats or integers, or a polynomial.
public enum WaveformModel: Sendable {
  case network(ModelFile)
  case polynomial(PolynomialDocument)

  /// Reads `model.json` or the polynomial of `pare baseline`; the members of the file tell which.
  ///
  /// - Throws: ``ExploreError`` when the file is neither, or a network does not map two channels to two.
  public init(contentsOf path: String) throws {
    let text = try TextFile.read(path)
    struct Kind: Decodable {
      var architecture: Present?
      var model: Present?
      struct Present: Decodable { init(from decoder: any Decoder) {} }
    }
    let kind = try JSONText.decode(Kind.self, from: text, file: path)
    switch (kind.architecture != nil, kind.model != nil) {
    case (true, _):
      let model = try ModelFile(json: text, file: path)
      let architecture = model.network.architecture
      guard architecture.inputChannels == 2, architecture.outputChannels == 2 else {
        throw ExploreError(
          .file(path: path),
          "\(path): \(architecture.inputChannels) inputs and \(architecture.outputChannels) outputs",
          hint: "a waveform of I and Q needs a network with two of each")
      }
      self = .network(model)
    case (false, true): self = .polynomial(try PolynomialDocument(text: text, file: path))
    case (false, false):
      throw ExploreError(
        .file(path: path), "\(path): neither a network ('architecture') nor a polynomial ('model')",
        hint: "give a file that pare train or pare baseline wrote")
    }
  }

  /// Short name for tables.
  public var name: String {
    switch self {
    case .network(let model):
      "\(model.network.architecture.name), \(model.network.scheme), \(model.network.nonZeroCount) weights"
    case .polynomial(let document): "polynomial of \(document.fitted.model.terms.count) terms"
    }
  }

  /// `inverse` or `forward`; nil for a network of unknown purpose.
  public var task: String? {
    switch self {
    case .network(let model): model.task?.direction
    case .polynomial(let document): document.task
    }
  }

  /// Stable hash of the samples that it was made from; nil when unknown.
  public var datasetHash: String? {
    switch self {
    case .network(let model): model.task?.datasetHash
    case .polynomial(let document): document.datasetHash
    }
  }

  /// Samples of signal around an output that it depends on.
  public var memory: Int {
    switch self {
    case .network(let model): model.network.architecture.receptiveField
    case .polynomial(let document):
      document.fitted.model.dictionary.past + document.fitted.model.dictionary.lookAhead + 1
    }
  }

  /// The function, `[2][time]` to the same.
  ///
  /// - Parameter fixed: whether a network computes in integers; a polynomial has none.
  public func function(fixed: Bool = false) -> AmplifierModel.Function {
    switch self {
    case .network(let model):
      let network = model.network.network
      let integers = model.fixed
      if fixed { return { integers($0).map { $0.map(Float.init) } } }
      return { network($0) }
    case .polynomial(let document):
      let polynomial = document.fitted.model
      return { polynomial($0) }
    }
  }

  /// This file as a model of a data set's amplifier; its fidelity is measured on the test split.
  ///
  /// - Throws: ``ExploreError`` unless it was made for the task `forward`; `SignalError`.
  public func amplifier(of dataset: IQDataset, path: String) throws -> AmplifierModel {
    guard task == LearningTask.forward.rawValue else {
      throw ExploreError(
        .file(path: path),
        "\(path): not a model of an amplifier, but of the task '\(task ?? "unknown")'",
        hint: "make one with --task forward (pare baseline or pare train)")
    }
    return try AmplifierModel(named: name, of: dataset, margin: memory, function())
  }
}
