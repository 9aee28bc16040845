/// What one seed of one point gave, kept until all seeds of the point are in.
public struct SeedResult: Hashable, Sendable {
  /// Of the point.
  public let key: String
  public let score: Candidate.SeedScore
  /// In floats, on the validation and the test split, in dB.
  public let floatNMSE: Double?
  public let floatTestNMSE: Double?
  /// The text of `model.json`; nil when the seed failed.
  public let model: String?
  /// Computing time of this point alone.
  public let seconds: Double

  public init(
    key: String, score: Candidate.SeedScore, floatNMSE: Double?, floatTestNMSE: Double?,
    model: String?, seconds: Double
  ) {
    self.key = key
    self.score = score
    self.floatNMSE = floatNMSE
    self.floatTestNMSE = floatTestNMSE
    self.model = model
    self.seconds = seconds
  }
}
