import PareSignal
import PareText

extension VolterraAmplifier {
  /// The word that `kind` has in the file of such a model.
  public static let kind = "volterra"

  private struct Document: Codable {
    var schemaVersion: Int
    var kind: String
    var name: String
    /// What the model was fitted to.
    var origin: String
    var terms: [Term]
  }

  /// `|x|^power`, or with `lag` a correlation times that power.
  private struct Term: Codable {
    var carrier: Int
    var delay: Int
    var lag: Int?
    var power: Int
    var re: Double
    var im: Double
  }

  /// The text of the model's file; equal models give equal bytes.
  ///
  /// - Parameter origin: what it was fitted to, for readers.
  public func json(origin: String) -> String {
    JSONText.encode(
      Document(
        schemaVersion: 1, kind: Self.kind, name: name, origin: origin,
        terms: zip(terms, coefficients).map { term, value in
          let (lag, power): (Int?, Int) =
            switch term.envelope {
            case .power(let exponent): (nil, exponent)
            case .correlation(let lag, let power): (lag, power)
            }
          return Term(
            carrier: term.carrier, delay: term.delay, lag: lag, power: power, re: value.re,
            im: value.im)
        }))
  }

  /// Reads and checks a file's text.
  ///
  /// - Parameter file: the name to blame in an error.
  /// - Throws: ``JSONTextError``; ``PredistortionError`` for a model that makes no sense.
  public init(json text: String, file: String) throws {
    let document = try JSONText.decode(Document.self, from: text, file: file)
    func refuse(_ reason: String) -> PredistortionError {
      PredistortionError(.badModel(path: file, reason: reason))
    }
    guard document.kind == Self.kind else { throw refuse("its kind is '\(document.kind)'") }
    guard document.schemaVersion == 1 else {
      throw refuse("schema version \(document.schemaVersion), and this program reads 1")
    }
    guard !document.terms.isEmpty else { throw refuse("no terms") }
    let terms = try document.terms.enumerated().map { index, term in
      let delays = [term.carrier, term.delay, term.lag ?? 0]
      guard delays.allSatisfy({ abs($0) <= 4096 }), (0...8).contains(term.power),
        term.lag == nil || term.power.isMultiple(of: 2), term.re.isFinite, term.im.isFinite
      else {
        throw refuse(
          "terms[\(index)] needs delays within 4096, a power of 0 to 8 (even with a lag), and finite values"
        )
      }
      return VolterraTerm(
        carrier: term.carrier,
        envelope: term.lag.map { .correlation(lag: $0, power: term.power) } ?? .power(term.power),
        delay: term.delay)
    }
    self.init(
      name: document.name, terms: terms,
      coefficients: document.terms.map { Complex($0.re, $0.im) })
  }
}
