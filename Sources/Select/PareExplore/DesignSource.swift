public import PareDatapath
public import PareFixed
import PareNetwork
public import PareNumerics
import PareText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a design is compiled from; also the model that the hardware must equal.
public enum DesignSource: Hashable, Sendable {
  case model(ModelFile)
  case filterBank(FilterBank)

  /// Reads `model.json` or a `taps.json`; the members of the file tell which.
  public init(contentsOf path: String) throws {
    let text = try TextFile.read(path)
    struct Kind: Decodable {
      var architecture: Ignored?
      var outputs: Ignored?
      struct Ignored: Decodable { init(from decoder: any Decoder) {} }
    }
    let kind = try JSONText.decode(Kind.self, from: text, file: path)
    switch (kind.architecture != nil, kind.outputs != nil) {
    case (true, _): self = .model(try ModelFile(json: text, file: path))
    case (false, true): self = .filterBank(try FilterBank(json: Data(text.utf8), file: path))
    case (false, false):
      throw ExploreError(
        .file(path: path),
        "\(path): neither a model ('architecture') nor a filter bank ('outputs')",
        hint: "docs/model-format.md and docs/datapath.md describe the two kinds of files")
    }
  }

  public var kind: DesignManifest.Kind {
    switch self {
    case .model: .network
    case .filterBank: .filterBank
    }
  }

  /// File name inside a design folder.
  public var fileName: String {
    switch self {
    case .model: "model.json"
    case .filterBank: "taps.json"
    }
  }

  public func json() throws -> String {
    switch self {
    case .model(let model): model.json
    case .filterBank(let bank): String(decoding: try bank.json(), as: UTF8.self)
    }
  }

  /// What a reader of the file should know, and need not change.
  public var notes: [String] {
    switch self {
    case .model: []
    case .filterBank(let bank): bank.notes
    }
  }

  /// One format per input channel.
  public var inputFormats: [WordFormat] {
    switch self {
    case .model(let model):
      Array(
        repeating: model.fixed.inputFormat, count: model.network.architecture.inputChannels)
    case .filterBank(let bank): bank.inputs.map(\.format)
    }
  }

  /// One line about the contents, for the header of generated files.
  public var summary: String {
    switch self {
    case .model(let model):
      let network = model.network
      return "\(network.architecture.name), \(network.scheme) weights, "
        + "\(network.nonZeroCount) of \(network.architecture.weightCount) non-zero"
    case .filterBank(let bank): return "filter bank \(bank.name)"
    }
  }

  /// The integer model: what the hardware must give, bit for bit.
  public func run(_ words: [[Int64]], segments: [Range<Int>]) -> [[Int64]] {
    switch self {
    case .model(let model): model.fixed.run(words, segments: segments)
    case .filterBank(let bank): bank.run(words, segments: segments)
    }
  }

  public func lowered() throws -> Datapath {
    switch self {
    case .model(let model): try model.fixed.lowered()
    case .filterBank(let bank): try bank.lowered()
    }
  }
}
