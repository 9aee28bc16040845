import PareFixed
import PareNumerics
import PareText
import PareTrain

extension WordLengthReport: Encodable {
  /// Schema of the JSON form.
  public static let schemaVersion = 1

  private struct Range: Encodable {
    var tensor: String
    var observedIntegerBits: Int
    var provenIntegerBits: Int
  }

  private struct Point: Encodable {
    var tensor: String?
    var format: String
    var rounding: Rounding
    var overflow: Overflow
    var figures: OutputFigures?

    init(_ point: WordLengthStudy.Point) {
      tensor = point.tensor?.description
      format = point.format.description
      rounding = point.rounding
      overflow = point.overflow
      figures = point.figures
    }
  }

  private struct Step: Encodable {
    var move: String
    var figures: OutputFigures
    var lutEstimate: Double
  }

  private struct TensorFormat: Encodable {
    var tensor: String
    var format: String
  }

  private enum CodingKeys: String, CodingKey {
    case schemaVersion, samples, reference, asItCame, asItCameLUTEstimate, metric, limitDB, ranges
    case joint, single, modes, steps, formats, tanhTableBits, chosen
    case validationNMSEdB, testNMSEdB
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Self.schemaVersion, forKey: .schemaVersion)
    try values.encode(samples, forKey: .samples)
    try values.encode(reference, forKey: .reference)
    try values.encode(current, forKey: .asItCame)
    try values.encode(currentLUT, forKey: .asItCameLUTEstimate)
    try values.encode(
      ranges.map {
        Range(
          tensor: "\($0.tensor)", observedIntegerBits: $0.observedIntegerBits,
          provenIntegerBits: $0.provenIntegerBits)
      }, forKey: .ranges)
    try values.encode(joint.map(Point.init), forKey: .joint)
    try values.encode(single.map(Point.init), forKey: .single)
    try values.encode(modes.map(Point.init), forKey: .modes)
    guard let limit, let last = steps.last else { return }
    try values.encode(metric, forKey: .metric)
    try values.encode(limit, forKey: .limitDB)
    try values.encode(
      steps.map { Step(move: $0.move, figures: $0.figures, lutEstimate: $0.cost) }, forKey: .steps)
    try values.encode(
      tensors.map { TensorFormat(tensor: "\($0)", format: "\(last.formats[$0])") },
      forKey: .formats)
    try values.encode(last.formats.tanhTableBits, forKey: .tanhTableBits)
    try values.encodeIfPresent(chosenFigures, forKey: .chosen)
    try values.encodeIfPresent(chosenScores?.validation, forKey: .validationNMSEdB)
    try values.encodeIfPresent(chosenScores?.test, forKey: .testNMSEdB)
  }
}
