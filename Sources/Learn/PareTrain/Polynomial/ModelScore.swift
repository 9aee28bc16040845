public import PareText

/// One line of a comparison of models: polynomials and networks in the same columns.
public struct ModelScore: Hashable, Sendable, Codable {
  public let name: String
  public let nmse: SplitNMSE
  public let cost: ModelCost

  private enum CodingKeys: String, CodingKey {
    case name
    case nmse = "nmseDB"
    case cost
  }

  public init(name: String, nmse: SplitNMSE, cost: ModelCost) {
    self.name = name
    self.nmse = nmse
    self.cost = cost
  }

  public init(name: String, _ fitted: FittedPolynomial) {
    self.init(name: name, nmse: fitted.nmse, cost: fitted.model.cost)
  }

  public init(name: String, _ trained: TrainedNetwork) {
    self.init(name: name, nmse: trained.nmse, cost: trained.network.cost)
  }

  /// Name, NMSE of three splits in dB, complex and real coefficients, real multiplications and square roots per sample.
  public static func table(_ scores: [ModelScore]) -> TextTable {
    var table = TextTable([
      ("model", .left), ("train dB", .right), ("val dB", .right), ("test dB", .right),
      ("complex", .right), ("real", .right), ("mult/sample", .right), ("sqrt/sample", .right),
    ])
    for score in scores {
      table.add([
        score.name, score.nmse.training.fixed(2), score.nmse.validation.fixed(2),
        score.nmse.test.fixed(2), score.cost.complexCoefficients.map(String.init) ?? "-",
        "\(score.cost.realCoefficients)", "\(score.cost.multiplications)",
        "\(score.cost.squareRoots)",
      ])
    }
    return table
  }
}
