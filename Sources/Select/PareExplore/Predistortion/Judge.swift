public import PareDPD
import PareText

/// An amplifier model that drives are scored through.
public struct Judge: Sendable {
  public let name: String
  public let amplifier: any DifferentiableAmplifier

  public init(name: String, amplifier: any DifferentiableAmplifier) {
    self.name = name
    self.amplifier = amplifier
  }

  /// Judges that need no file.
  public static let names = ["arena"] + FittedAmplifier.allCases.map(\.rawValue)

  /// What stands for the amplifier unless said: the frozen model of the public benchmark, and for a data set two of different
  /// kinds, since what one model says of its own inverse is little evidence.
  public static func usualNames(on benchmark: PredistortionBenchmark) -> [String] {
    benchmark.amplifier == nil
      ? [FittedAmplifier.sparse.rawValue, FittedAmplifier.gmp.rawValue] : ["arena"]
  }

  /// - Parameter word: one of ``names``, or the path of a file with a model (a `/` or `.json` in it tells).
  /// - Throws: ``ExploreError`` for a word that is neither, and for a file that holds no model of an amplifier.
  public init(_ word: String, of benchmark: PredistortionBenchmark) throws {
    if word == "arena" {
      guard let amplifier = benchmark.amplifier else {
        throw ExploreError(
          .option("--judge"),
          "'arena' is a model of the public benchmark's amplifier, not of \(benchmark.name)'s",
          hint:
            "judges of a data set: \(Self.names.dropFirst().joined(separator: ", ")), or the path of a .json model",
          kind: .usage)
      }
      self.init(name: word, amplifier: amplifier)
    } else if let kind = FittedAmplifier(rawValue: word) {
      self.init(name: word, amplifier: try benchmark.fitted(kind))
    } else if word.contains("/") || word.hasSuffix(".json") {
      self.init(name: word, amplifier: try Self.amplifier(contentsOf: word))
    } else {
      let meant = nearestWord(to: word, among: Self.names).map { "did you mean \($0)? " } ?? ""
      throw ExploreError(
        .option("--judge"), "no judge '\(word)'",
        hint: "\(meant)judges: \(Self.names.joined(separator: ", ")), or the path of a .json model",
        kind: .usage)
    }
  }

  /// The one place that knows which files hold a model with a derivative; each kind is a case here.
  private static func amplifier(contentsOf path: String) throws -> any DifferentiableAmplifier {
    struct Head: Decodable { var kind: String? }
    let text = try TextFile.read(path)
    let kind = try JSONText.decode(Head.self, from: text, file: path).kind
    if kind == VolterraAmplifier.kind { return try VolterraAmplifier(json: text, file: path) }
    if kind == ConvolutionalAmplifier.kind {
      return try ConvolutionalAmplifier(json: text, file: path)
    }
    throw ExploreError(
      .file(path: path),
      kind.map { "\(path): '\($0)' is no kind of amplifier model that can judge" }
        ?? "\(path): no 'kind' in it, so no amplifier model that can judge",
      hint: "judges: \(names.joined(separator: ", "))")
  }
}
