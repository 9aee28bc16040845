import PareText

/// A fitted polynomial as a file, with what its figures mean: data set, task, gain, and errors.
///
/// JSON with sorted keys; `schemaVersion` is 1:
///
///     {
///       "dataset": "APA_200MHz", "datasetHash": "…", "task": "forward",
///       "gainRe": 1.16, "gainIm": -0.004, "sampleRateHz": 983040000, "peakInput": 0.98,
///       "nmseDB": {"training": -38.7, "validation": -38.6, "test": -38.6},
///       "model": {
///         "dictionary": {"orders": [1, 2, 3, 4], "delays": [-10, 20], "lags": [-2, 2]},
///         "terms": [{"delay": 0, "lag": 0, "order": 0, "re": 1.02, "im": 0.003}, …]
///       },
///       "schemaVersion": 1
///     }
///
/// `y[n] = sum (re + j im) x[n - delay] |x[n - delay - lag]|^order`; the amplifier's output is `y` times the gain in the
/// forward task, and in the inverse task `x` is the wanted output divided by the gain.
public struct PolynomialDocument: Hashable, Sendable {
  public static let schemaVersion = 1

  public let dataset: String
  /// Of all samples, so that a score is never taken for one on other data.
  public let datasetHash: String
  /// `forward` or `inverse`.
  public let task: String
  /// What the amplifier's output was divided by, real and imaginary part.
  public let gainRe: Double
  public let gainIm: Double
  /// In Hz.
  public let sampleRate: Double
  /// Largest input magnitude of the training split; beyond it the polynomial extrapolates.
  public let peakInput: Double
  public let fitted: FittedPolynomial

  public init(
    _ fitted: FittedPolynomial, dataset: String, datasetHash: String, task: String,
    gainRe: Double, gainIm: Double, sampleRate: Double, peakInput: Double
  ) {
    self.dataset = dataset
    self.datasetHash = datasetHash
    self.task = task
    self.gainRe = gainRe
    self.gainIm = gainIm
    self.sampleRate = sampleRate
    self.peakInput = peakInput
    self.fitted = fitted
  }

  /// Reads the text of a file.
  ///
  /// - Throws: ``TrainingError`` with code `.document` for another schema or figures that are not possible, `.dictionary`
  ///   for terms that are not; `JSONTextError` for text that is not such JSON.
  public init(text: String, file: String) throws {
    let version = try JSONText.decode(Version.self, from: text, file: file).schemaVersion
    guard version == Self.schemaVersion else {
      throw TrainingError(
        .document(file: file),
        "\(file): schema version \(version), and this program reads \(Self.schemaVersion)",
        hint: "fit the polynomial again with this version")
    }
    self = try JSONText.decode(Self.self, from: text, file: file)
    guard peakInput > 0, sampleRate > 0, gainRe * gainRe + gainIm * gainIm > 0 else {
      throw TrainingError(
        .document(file: file),
        "\(file): peak input \(peakInput), sample rate \(sampleRate) Hz or gain "
          + "\(gainRe), \(gainIm) is not possible",
        hint: "the file may have been edited; fit the polynomial again")
    }
  }

  /// The text of the file; equal documents give equal bytes.
  public var text: String { JSONText.encode(self) }

  private struct Version: Decodable { let schemaVersion: Int }
}

extension PolynomialDocument: Codable {
  private enum CodingKeys: String, CodingKey {
    case schemaVersion, dataset, datasetHash, task, gainRe, gainIm, peakInput, model
    case sampleRate = "sampleRateHz"
    case nmse = "nmseDB"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      FittedPolynomial(
        model: try values.decode(PolynomialModel.self, forKey: .model),
        nmse: try values.decode(SplitNMSE.self, forKey: .nmse)),
      dataset: try values.decode(String.self, forKey: .dataset),
      datasetHash: try values.decode(String.self, forKey: .datasetHash),
      task: try values.decode(String.self, forKey: .task),
      gainRe: try values.decode(Double.self, forKey: .gainRe),
      gainIm: try values.decode(Double.self, forKey: .gainIm),
      sampleRate: try values.decode(Double.self, forKey: .sampleRate),
      peakInput: try values.decode(Double.self, forKey: .peakInput))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Self.schemaVersion, forKey: .schemaVersion)
    try values.encode(dataset, forKey: .dataset)
    try values.encode(datasetHash, forKey: .datasetHash)
    try values.encode(task, forKey: .task)
    try values.encode(gainRe, forKey: .gainRe)
    try values.encode(gainIm, forKey: .gainIm)
    try values.encode(sampleRate, forKey: .sampleRate)
    try values.encode(peakInput, forKey: .peakInput)
    try values.encode(fitted.nmse, forKey: .nmse)
    try values.encode(fitted.model, forKey: .model)
  }
}
