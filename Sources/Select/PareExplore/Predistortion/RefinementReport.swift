import PareNumerics
public import PareText

/// What a network predistorter was worth before and after its refinement.
public struct RefinementReport: Sendable, Encodable {
  public struct Step: Sendable, Encodable {
    /// `given`, `refined` or `pruned`.
    public let name: String
    public let nonZeroCount: Int
    public let scores: PredistorterScores
  }

  public let schemaVersion = 1
  /// Program and version.
  public let generator: String
  /// The package with the frozen amplifier, the data and the rules.
  public let benchmark: String
  public let judges: [String]
  public let steps: [Step]

  /// A line per step; every quality is simulated, the least over the judges.
  public var table: TextTable {
    var table = TextTable([
      ("network", .left), ("nnz", .right), ("Q float, validation", .right),
      ("Q float, test", .right), ("Q, validation", .right), ("Q, test", .right),
    ])
    for step in steps {
      let scores = step.scores
      table.add(
        [step.name, "\(step.nonZeroCount)"]
          + [scores.floatValidation, scores.floatTest, scores.validation, scores.test].map {
            $0.minimum.qualityDB.fixed(2)
          })
    }
    return table
  }
}
