import PareFixed
public import PareNetwork
import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// One design point with everything that decides it: what `experiment.yaml` says.
///
/// Members of the point read as the experiment's own: `experiment.sparsity`.
@dynamicMemberLookup
public struct Experiment: Hashable, Sendable {
  /// A name from the catalogue (`opendpd/APA_200MHz`), or a folder.
  public var dataset = "opendpd/APA_200MHz"
  public var task = LearningTask.inverse
  public var point: DesignPoint
  /// The first of `recipe.seedCount` seeds; the best on the validation split is kept.
  public var seed: UInt64 = 1
  public var recipe = TrainingRecipe.standard

  public init(architecture: Architecture) { point = DesignPoint(architecture: architecture) }

  public subscript<Value>(dynamicMember path: WritableKeyPath<DesignPoint, Value>) -> Value {
    get { point[keyPath: path] }
    set { point[keyPath: path] = newValue }
  }

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
    for key in ["space", "strategy"] where top.has(key) {
      throw top.fault(
        top.line(of: key), "'\(key)': this experiment is a sweep, not a single design point",
        hint: "pare sweep runs it")
    }
    point = DesignPoint(architecture: try Self.architecture(&top))
    dataset = try top.text("dataset", or: dataset)
    task = try top.parsed("task", or: task, Self.caseParser("task"))
    point.sparsity = try top.number("sparsity", or: point.sparsity, in: 0...0.999)
    point.ladder = try top.numbers("ladder", or: [], in: 0...0.999)
    try requireRisingLadder(top)
    point.quantizer = try top.parsed("quantizer", or: point.quantizer) {
      try QuantizationScheme(parsing: $0)
    }
    seed = UInt64(try top.integer("seed", or: Int(seed), in: 0...Int.max))
    recipe = try Self.recipe(&top, or: recipe)
    if var section = try top.section("formats") {
      let wordLength = try section.integer("wordLength", or: 16, in: 4...32)
      let integerBits = try section.text("integerBits", or: "6")
      if integerBits == "observed" {
        point.formats = .observed(wordLength: wordLength)
      } else {
        let bits = try section.integer("integerBits", or: 6, in: -16...32)
        point.formats = .uniform(WordFormat(wordLength: wordLength, integerBits: bits))
      }
      point.tanhTableBits = try section.integer(
        "tanhTableBits", or: point.tanhTableBits, in: 2...14)
      point.rounding = try section.parsed(
        "rounding", or: point.rounding, Self.caseParser("rounding"))
      point.overflow = try section.parsed(
        "overflow", or: point.overflow, Self.caseParser("overflow"))
      try section.rejectUnknownKeys()
    }
    try top.rejectUnknownKeys()
  }

  /// Keys of the file that belong to a single design point.
  static let pointKeys = ["architecture", "sparsity", "ladder", "quantizer", "formats"]

  /// Reads the section `recipe`: a preset to start from, and single knobs.
  static func recipe(
    _ top: inout YAMLSection, or standard: TrainingRecipe
  ) throws -> TrainingRecipe {
    guard var section = try top.section("recipe") else { return standard }
    let preset: (String) throws -> RecipePreset = caseParser("preset")
    var recipe = try section.parsed("preset", or: nil) { try preset($0).recipe } ?? standard
    for knob in try section.leaves() where knob.name != "preset" {
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
    return recipe
  }

  private func requireRisingLadder(_ top: YAMLSection) throws {
    let levels = point.ladder + [point.sparsity]
    guard !point.ladder.isEmpty, zip(levels, levels.dropFirst()).contains(where: { $0 >= $1 })
    else { return }
    throw top.fault(
      top.line(of: "ladder"), "'ladder' does not rise to the sparsity \(point.sparsity)",
      hint: "list rising sparsities, each below 'sparsity'")
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
