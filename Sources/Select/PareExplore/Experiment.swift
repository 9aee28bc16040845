import PareFixed
public import PareNetwork
public import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// One design point with everything that decides it: what `experiment.yaml` says.
public struct Experiment: Hashable, Sendable {
  /// A name from the catalogue (`opendpd/APA_200MHz`), or a folder.
  public var dataset = "opendpd/APA_200MHz"
  public var task = LearningTask.inverse
  public var architecture: Architecture
  public var sparsity = 0.0
  public var quantizer = QuantizationScheme.none
  public var formats = FormatChoice.uniform(.paper)
  public var tanhTableBits = 10
  public var rounding = Rounding.nearest
  public var overflow = Overflow.saturate
  /// The first of `recipe.seedCount` seeds; the best on the validation split is kept.
  public var seed: UInt64 = 1
  public var recipe = TrainingRecipe.standard

  public init(architecture: Architecture) { self.architecture = architecture }

  /// Sets one knob of the recipe, `name=value` with a dotted name.
  ///
  /// - Throws: ``ExploreError`` naming the knob.
  public mutating func setRecipeKnob(_ assignment: String) throws {
    let parts = assignment.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else {
      throw ExploreError(
        .option("recipe"), "'\(assignment)' is not an assignment", hint: "write NAME=VALUE",
        kind: .usage)
    }
    recipe = try RecipeKnobs.setting(String(parts[0]), to: String(parts[1]), of: recipe)
  }

  /// Reads an experiment.
  ///
  /// - Parameter file: the name to blame in an error.
  /// - Throws: ``ExploreError`` with file and line; unknown keys are errors.
  public init(yaml text: String, file: String) throws {
    var top = try YAMLSection(text: text, file: file)
    architecture = try Self.architecture(&top)
    dataset = try top.text("dataset", or: dataset)
    task = try top.parsed("task", or: task, Self.caseParser("task"))
    sparsity = try top.number("sparsity", or: sparsity, in: 0...0.999)
    quantizer = try top.parsed("quantizer", or: quantizer) { try QuantizationScheme(parsing: $0) }
    seed = UInt64(try top.integer("seed", or: Int(seed), in: 0...Int.max))
    if var section = try top.section("recipe") {
      for knob in try section.leaves() {
        do {
          recipe = try RecipeKnobs.setting(knob.name, to: knob.text, of: recipe)
        } catch {
          throw section.fault(knob.line, error.message, hint: error.hint)
        }
      }
      do {
        try recipe.validate()
      } catch {
        throw section.fault(section.line, error.message, hint: error.hint)
      }
    }
    if var section = try top.section("formats") {
      let wordLength = try section.integer("wordLength", or: 16, in: 4...32)
      let integerBits = try section.text("integerBits", or: "6")
      if integerBits == "observed" {
        formats = .observed(wordLength: wordLength)
      } else {
        let bits = try section.integer("integerBits", or: 6, in: -16...32)
        formats = .uniform(WordFormat(wordLength: wordLength, integerBits: bits))
      }
      tanhTableBits = try section.integer("tanhTableBits", or: tanhTableBits, in: 2...14)
      rounding = try section.parsed("rounding", or: rounding, Self.caseParser("rounding"))
      overflow = try section.parsed("overflow", or: overflow, Self.caseParser("overflow"))
      try section.rejectUnknownKeys()
    }
    try top.rejectUnknownKeys()
  }

  /// Reads one of the words of an enumeration.
  static func caseParser<Value: RawRepresentable & CaseIterable>(
    _ name: String
  ) -> (String) throws -> Value where Value.RawValue == String {
    { text in
      if let value = Value(rawValue: text) { return value }
      let words = Value.allCases.map(\.rawValue)
      let near = nearestWord(to: text, among: words)
      throw ExploreError(
        .option(name), "'\(text)' is not a value of '\(name)'",
        hint: near.map { "did you mean '\($0)'?" } ?? "known: \(words.joined(separator: ", "))")
    }
  }
}
