import PareDatapath
import PareText

extension PowerModelFile {
  /// - Precondition: the models have this version, and families are different.
  public init(version: String, models: [PowerModel]) {
    precondition(
      models.allSatisfy { $0.version == version }, "models of versions \(models.map(\.version))")
    precondition(
      Set(models.map(\.family)).count == models.count, "families \(models.map(\.family))")
    self.version = version
    self.models = models
  }

  /// The text that ``init(json:file:)`` reads; equal files give equal bytes. Every model has its own energies there.
  public var json: String {
    JSONText.encode(
      Written(
        schemaVersion: Self.currentSchema, version: version, models: models.map(Written.Model.init))
    )
  }

  private struct Written: Encodable {
    struct Coefficient: Encodable {
      let low: Double
      let typical: Double
      let high: Double
      let unit: String
      let source: String
      var part: String?

      init(_ coefficient: PowerModel.Coefficient, part: String? = nil) {
        low = coefficient.value.low
        typical = coefficient.value.typical
        high = coefficient.value.high
        unit = coefficient.unit
        source = coefficient.source
        self.part = part
      }
    }

    struct Model: Encodable {
      let family: LogicFamily
      let isRankingOnly: Bool
      let coefficients: [PowerModel.Term: Coefficient]
      let reason: String?
      let staticPower: [Coefficient]

      private enum CodingKeys: String, CodingKey {
        case family, isRankingOnly, coefficients, reason
        case staticPower = "static"
      }

      init(_ model: PowerModel) {
        family = model.family
        isRankingOnly = model.isRankingOnly
        coefficients = model.energies.mapValues { Coefficient($0) }
        reason = model.caveat
        staticPower = model.staticW.sorted { $0.key < $1.key }.map {
          Coefficient($0.value, part: $0.key)
        }
      }
    }

    let schemaVersion: Int
    let version: String
    let models: [Model]
  }
}
