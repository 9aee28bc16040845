public import PareDatapath
import PareTools

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of power models, as `power-models.json` and as a calibration writes it.
public struct PowerModelFile: Hashable, Sendable {
  public static let currentSchema = 1

  public let version: String
  public let models: [PowerModel]

  /// - Parameter file: the name to blame in an error.
  /// - Throws: ``QoRError`` with code `powerModelUnreadable` that says what is wrong where.
  public init(json: [UInt8], file: String) throws {
    func fault(_ reason: String) -> QoRError {
      QoRError(.powerModelUnreadable(path: file, reason: reason))
    }
    let text: Text
    do {
      let schema = try JSONDecoder().decode(Schema.self, from: Data(json)).schemaVersion
      guard schema == Self.currentSchema else {
        throw fault("schema version \(schema) is not known, only \(Self.currentSchema)")
      }
      text = try JSONDecoder().decode(Text.self, from: Data(json))
    } catch let error as DecodingError {
      throw fault(error.plainWords)
    }
    func coefficient(
      _ text: Text.Coefficient, unit: String?, _ place: String
    ) throws -> PowerModel.Coefficient {
      guard let unit = unit ?? text.unit else { throw fault("\(place) has no unit") }
      for (end, value) in [("low", text.low), ("typical", text.typical), ("high", text.high)]
      where !(value >= 0 && value.isFinite) {
        throw fault("\(place): \(end) is \(value), which no energy or power can be")
      }
      guard text.low <= text.typical, text.typical <= text.high else {
        throw fault(
          "\(place): low \(text.low), typical \(text.typical), high \(text.high) do not rise")
      }
      return PowerModel.Coefficient(
        Bounded(low: text.low, typical: text.typical, high: text.high), unit: unit,
        source: text.source)
    }
    var own: [LogicFamily: [PowerModel.Term: PowerModel.Coefficient]] = [:]
    for model in text.models {
      guard case .own(let energies) = model.coefficients else { continue }
      var terms: [PowerModel.Term: PowerModel.Coefficient] = [:]
      for term in PowerModel.Term.allCases {
        let place = "\(model.family.rawValue), \(term.rawValue)"
        guard let energy = energies[term.rawValue] else { throw fault("\(place) is missing") }
        terms[term] = try coefficient(energy, unit: nil, place)
      }
      if let unknown = energies.keys.sorted().first(where: { PowerModel.Term(rawValue: $0) == nil })
      {
        throw fault(
          "\(model.family.rawValue) has an energy '\(unknown)', which nothing is counted for")
      }
      own[model.family] = terms
    }
    models = try text.models.map { model in
      let energies: [PowerModel.Term: PowerModel.Coefficient]
      switch model.coefficients {
      case .own: energies = own[model.family] ?? [:]
      case .borrowed(let family):
        guard let lent = own[family] else {
          throw fault(
            "\(model.family.rawValue) borrows from \(family.rawValue), which has no energies")
        }
        guard model.isRankingOnly, model.reason != nil else {
          throw fault(
            "\(model.family.rawValue) borrows energies, so it must be for ranking only, with a reason"
          )
        }
        energies = lent
      }
      var staticW: [String: PowerModel.Coefficient] = [:]
      for part in model.staticPower {
        staticW[part.part] = try coefficient(
          part.power, unit: "W", "\(model.family.rawValue), static power of \(part.part)")
      }
      return PowerModel(
        family: model.family, version: text.version, energies: energies, staticW: staticW,
        isRankingOnly: model.isRankingOnly, caveat: model.reason)
    }
    version = text.version
  }

  /// Reads a file.
  ///
  /// - Throws: as ``init(json:file:)``, and `ToolError` when it cannot be read.
  public init(contentsOf path: String) throws {
    let file = Folder(path)
    try self.init(json: Array(file.parent.read(file.name)), file: path)
  }

  /// The model of a family.
  ///
  /// - Throws: ``QoRError`` with code `powerModelUnreadable` when there is none.
  public func model(for family: LogicFamily, file: String) throws -> PowerModel {
    guard let model = models.first(where: { $0.family == family }) else {
      throw QoRError(
        .powerModelUnreadable(path: file, reason: "has no model of \(family.rawValue)"))
    }
    return model
  }

  // MARK: The file's form

  private struct Schema: Decodable {
    let schemaVersion: Int
  }

  private struct Text: Decodable {
    struct Coefficient: Decodable {
      let low: Double
      let typical: Double
      let high: Double
      let unit: String?
      let source: String
    }

    /// Own energies, or the name of the family that lends its own.
    enum Coefficients: Decodable {
      case own([String: Coefficient])
      case borrowed(LogicFamily)

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let family = try? value.decode(LogicFamily.self) {
          self = .borrowed(family)
        } else {
          self = .own(try value.decode([String: Coefficient].self))
        }
      }
    }

    struct StaticPower: Decodable {
      let part: String
      let power: Coefficient

      private enum Key: String, CodingKey { case part }

      init(from decoder: any Decoder) throws {
        part = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .part)
        power = try Coefficient(from: decoder)
      }
    }

    struct Model: Decodable {
      let family: LogicFamily
      let isRankingOnly: Bool
      let coefficients: Coefficients
      let reason: String?
      let staticPower: [StaticPower]

      private enum CodingKeys: String, CodingKey {
        case family, isRankingOnly, coefficients, reason
        case staticPower = "static"
      }
    }

    let version: String
    let models: [Model]
  }
}

extension DecodingError {
  /// What is wrong and where, in words for a person.
  fileprivate var plainWords: String {
    func path(_ context: Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        .joined(separator: ".")
    }
    switch self {
    case .keyNotFound(let key, let context):
      let place = path(context)
      return "\(place.isEmpty ? "the file" : place) has no '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(path(context)) is not of the right kind"
    case .dataCorrupted(let context):
      return "\(path(context)) cannot be read (\(context.debugDescription))"
    @unknown default: return "\(self)"
    }
  }
}
