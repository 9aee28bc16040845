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
      } else {
        self = .list(try container.decode([Value].self))
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
      }
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

  /// Names of all knobs, sorted.
  static var names: [String] {
    members(of: .standard).keys.sorted()
  }

  /// A copy of the recipe with some knobs set.
  ///
  /// - Throws: `ExploreError` naming the knob that does not exist or whose value does not fit.
  static func setting(
    _ knobs: [(name: String, text: String)], of recipe: TrainingRecipe
  ) throws(ExploreError) -> TrainingRecipe {
    var recipe = recipe
    for knob in knobs {
      var values = members(of: recipe)
      guard values[knob.name] != nil else {
        let near = nearestWord(to: knob.name, among: names)
        throw ExploreError(
          .option(knob.name), "'\(knob.name)' is not a knob of the recipe",
          hint: near.map { "did you mean '\($0)'?" } ?? "knobs: \(names.joined(separator: ", "))")
      }
      values[knob.name] = Value(parsing: knob.text)
      do {
        recipe = try JSONText.decode(
          TrainingRecipe.self, from: JSONText.encode(values), file: "recipe")
      } catch {
        throw ExploreError(
          .option(knob.name), "'\(knob.text)' is not a value for the recipe's '\(knob.name)'",
          hint: (error as? any PareError)?.message ?? "\(error)")
      }
    }
    return recipe
  }

  private static func members(of recipe: TrainingRecipe) -> [String: Value] {
    do {
      return try JSONText.decode(
        [String: Value].self, from: JSONText.encode(recipe), file: "recipe")
    } catch {
      preconditionFailure("a recipe has a knob that is not a plain value: \(error)")
    }
  }
}
