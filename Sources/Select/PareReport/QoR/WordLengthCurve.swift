import PareExplore
import PareNumerics
import PareText

/// The curve of a word-length study: what one format for all tensors does to the output.
public struct WordLengthCurve: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    public var wordLength: Int
    public var integerBits: Int
    /// In dB.
    public var nmse: Double
  }

  /// Data set, split and number of samples.
  public let samples: String
  /// Of the network in floats, in dB.
  public let floatNMSE: Double
  /// Of the integers as the model came, in dB.
  public let ownNMSE: Double
  public let points: [Point]

  public init(samples: String, floatNMSE: Double, ownNMSE: Double, points: [Point]) {
    self.samples = samples
    self.floatNMSE = floatNMSE
    self.ownNMSE = ownNMSE
    self.points = points
  }

  private struct Document: Decodable {
    struct Figures: Decodable {
      var nmseDB: Double
    }
    struct Joint: Decodable {
      var format: String
      var figures: Figures?
    }
    var schemaVersion: Int
    var samples: String
    var reference: Figures
    var asItCame: Figures
    var joint: [Joint]
  }

  /// Reads what `pare wordlength --json` printed.
  ///
  /// - Throws: `ExploreError` when it is something else.
  public init(json text: String, file: String) throws {
    func bad(_ reason: String) -> ExploreError {
      ExploreError(
        .file(path: file), "\(file): \(reason)",
        hint: "make it with: pare wordlength model.json --json > \(file)")
    }
    let document = try JSONText.decode(Document.self, from: text, file: file)
    guard document.schemaVersion == WordLengthReport.schemaVersion else {
      throw bad("schema version \(document.schemaVersion) of a word-length study")
    }
    var points: [Point] = []
    for joint in document.joint {
      let numbers = joint.format.dropFirst().dropLast().split(separator: ",").map { Int($0) }
      guard joint.format.hasPrefix("<"), joint.format.hasSuffix(">"), numbers.count == 2,
        let wordLength = numbers[0], let integerBits = numbers[1]
      else { throw bad("'\(joint.format)' is no format") }
      guard let figures = joint.figures else { continue }
      guard figures.nmseDB.isFinite else { throw bad("an NMSE of \(figures.nmseDB)") }
      points.append(
        Point(wordLength: wordLength, integerBits: integerBits, nmse: figures.nmseDB))
    }
    guard !points.isEmpty else {
      throw bad("a study of the search only, which has no curve")
    }
    self.init(
      samples: document.samples, floatNMSE: document.reference.nmseDB,
      ownNMSE: document.asItCame.nmseDB, points: points)
  }
}
