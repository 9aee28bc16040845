import PareSignal
import PareText

extension ConvolutionalAmplifier {
  /// The word that `kind` has in the file of such a model.
  public static let kind = "convolutional"

  private struct Document: Codable {
    var schemaVersion: Int
    var kind: String
    var name: String
    /// What the model was fitted to.
    var origin: String
    var shape: Shape
    /// `[hidden][3][inputTaps]`
    var inputWeights: [[[Float]]]
    /// `[hidden]`
    var biases: [Float]
    /// `[2][hidden][outputTaps]`
    var outputWeights: [[[Float]]]
    var filterRe: [Float]
    var filterIm: [Float]
  }

  /// The text of the model's file; equal models give equal bytes.
  ///
  /// - Parameter origin: what it was fitted to, for readers.
  public func json(origin: String) -> String {
    func cut(_ start: Int, _ rows: Int, _ columns: Int, _ taps: Int) -> [[[Float]]] {
      (0..<rows).map { row in
        (0..<columns).map { column in
          Array(parameters[(start + (row * columns + column) * taps)...].prefix(taps))
        }
      }
    }
    let filter = parameters[shape.filterStart...]
    return JSONText.encode(
      Document(
        schemaVersion: 1, kind: Self.kind, name: name, origin: origin, shape: shape,
        inputWeights: cut(0, shape.hidden, Shape.features, shape.inputTaps),
        biases: Array(parameters[shape.biasStart..<shape.outputStart]),
        outputWeights: cut(shape.outputStart, 2, shape.hidden, shape.outputTaps),
        filterRe: Array(filter.prefix(shape.filterTaps)),
        filterIm: Array(filter.suffix(shape.filterTaps))))
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
    let shape = document.shape
    guard shape.isSound else {
      throw refuse("its shape needs sizes from 1 to 256, and look-aheads below their taps")
    }
    func check(_ name: String, _ values: [[[Float]]], _ sizes: (Int, Int, Int)) throws {
      guard
        values.count == sizes.0,
        values.allSatisfy({
          $0.count == sizes.1 && $0.allSatisfy { $0.count == sizes.2 }
        })
      else { throw refuse("'\(name)' is not [\(sizes.0)][\(sizes.1)][\(sizes.2)]") }
    }
    try check(
      "inputWeights", document.inputWeights, (shape.hidden, Shape.features, shape.inputTaps))
    try check("biases", [[document.biases]], (1, 1, shape.hidden))
    try check("outputWeights", document.outputWeights, (2, shape.hidden, shape.outputTaps))
    try check("filterRe", [[document.filterRe]], (1, 1, shape.filterTaps))
    try check("filterIm", [[document.filterIm]], (1, 1, shape.filterTaps))
    let parameters =
      document.inputWeights.joined().joined() + document.biases
      + document.outputWeights.joined().joined() + document.filterRe + document.filterIm
    guard parameters.allSatisfy(\.isFinite) else { throw refuse("a parameter is not finite") }
    self.init(name: document.name, shape: shape, parameters: Array(parameters))
  }
}
