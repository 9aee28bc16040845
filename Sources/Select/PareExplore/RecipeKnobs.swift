import PareText
import PareTrain

/// Sets single knobs of a `TrainingRecipe` by name, so that every knob can be reached from YAML and the command line.
enum RecipeKnobs {
  /// A plain JSON value; what a knob can be.
  private enum Value: Codable {
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([Value])
    case object([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        self = .flag(value)
      } else if let value = try? container.decode(Int.self) {
        self = .integer(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .text(value)
      } else if let value = try? container.decode([Value].self) {
        self = .list(value)
      } else {
        self = .object(try container.decode([String: Value].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .flag(let value): try container.encode(value)
      case .integer(let value): try container.encode(value)
      case .number(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      case .list(let value): try container.encode(value)
      case .object(let value): try container.encode(value)
      }
    }

    /// Dotted names of all values that are not objects, sorted.
    func names(below path: String = "") -> [String] {
      guard case .object(let members) = self else { return [path] }
      return members.keys.sorted().flatMap { key in
        members[key]!.names(below: path.isEmpty ? key : "\(path).\(key)")
      }
    }

    /// The value at a dotted name.
    func member(_ path: ArraySlice<Substring>) -> Value? {
      guard let key = path.first.map(String.init) else { return self }
      guard case .object(let members) = self else { return nil }
      return members[key]?.member(path.dropFirst())
    }

    /// A copy with the value at a dotted name replaced; nil when there is none.
    func replacing(_ path: ArraySlice<Substring>, by value: Value) -> Value? {
      guard let key = path.first.map(String.init) else {
        if case .object = self { return nil }
        return value
      }
      guard case .object(var members) = self,
        let changed = members[key]?.replacing(path.dropFirst(), by: value)
      else { return nil }
      members[key] = changed
      return .object(members)
    }

    init(parsing text: String) {
      switch text {
      case "true": self = .flag(true)
      case "false": self = .flag(false)
      default:
        if let value = Int(text) {
          self = .integer(value)
        } else if let value = Double(text), value.isFinite {
          self = .number(value)
        } else {
          self = .text(text)
        }
      }
    }
  }

  /// Dotted names of all knobs, such as `pruning.finalSteps`.
  static var names: [String] { value(of: .standard).names() }

  /// A copy of the recipe with one knob set; whether the knobs fit each other is for `validate()` to say, when all are set.
  ///
  /// - Throws: `ExploreError` naming the knob that does not exist or whose value does not fit.
  static func setting(
    _ name: String, to text: String, of recipe: TrainingRecipe
  ) throws(ExploreError) -> TrainingRecipe {
    guard
      let changed = value(of: recipe).replacing(
        name.split(separator: ".")[...], by: Value(parsing: text))
    else {
      let near = nearestWord(to: name, among: names)
      throw ExploreError(
        .option(name), "'\(name)' is not a knob of the recipe",
        hint: near.map { "did you mean '\($0)'?" } ?? "knobs: \(names.joined(separator: ", "))")
    }
    do {
      return try JSONText.decode(
        TrainingRecipe.self, from: JSONText.encode(changed), file: "recipe")
    } catch {
      throw ExploreError(
        .option(name), "'\(text)' is not a value for the recipe's '\(name)'",
        hint: hint(for: name))
    }
  }

  /// The words that a knob takes, or the kind of value.
  private static func hint(for name: String) -> String {
    let words: [String: [String]] = [
      "pruning.method": PruningMethod.allCases.map(\.rawValue),
      "pruning.scope": PruningScope.allCases.map(\.rawValue),
      "pruning.unit": PruningUnit.allCases.map(\.rawValue),
      "quantization.method": QuantizationMethod.allCases.map(\.rawValue),
      "secondOrder.dampingScale": SecondOrderRecipe.DampingScale.allCases.map(\.rawValue),
    ]
    let own = name.hasPrefix("large.") ? String(name.dropFirst("large.".count)) : name
    if let known = words[own] { return "known: \(known.joined(separator: ", "))" }
    let standard = value(of: .standard).member(name.split(separator: ".")[...])
    return switch standard {
    case .flag: "give true or false"
    case .integer: "give a whole number"
    case .number: "give a number"
    case .text, .list, .object, nil: "docs/guides/training.md lists the knobs"
    }
  }

  private static func value(of recipe: TrainingRecipe) -> Value {
    do {
      return try JSONText.decode(Value.self, from: JSONText.encode(recipe), file: "recipe")
    } catch {
      preconditionFailure("a recipe has a knob that is not a plain value: \(error)")
    }
  }
}
