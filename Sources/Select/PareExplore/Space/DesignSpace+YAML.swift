import PareNetwork
import PareNumerics
import PareText
import PareTrain

extension DesignSpace {
  /// Reads the section `space` of an experiment: the axes that it names, the others as they are here.
  ///
  /// - Throws: ``ExploreError`` with the file and line of what is wrong.
  mutating func read(_ section: inout YAMLSection) throws {
    if var shape = try section.section("architecture") { try readArchitecture(&shape) }
    sparsities = try section.axis("sparsity", or: sparsities, .numbers) {
      try Self.number($0, in: 0...0.999)
    }
    quantizers = try section.axis("quantizer", or: quantizers, .words) {
      try QuantizationScheme(parsing: $0.text)
    }
    if var formats = try section.section("formats") { try readFormats(&formats) }
    if var knobs = try section.section("recipe") { try readRecipe(&knobs) }
    constraints = try section.axis("constraints", or: constraints, .words) {
      try Constraint(parsing: $0.text)
    }
  }

  private mutating func readArchitecture(_ section: inout YAMLSection) throws {
    try readWidths(&section)
    kernelSizes = try section.axis("kernelSize", or: kernelSizes, .numbers) {
      try Self.integer($0, in: 1...4096)
    }
    activations = try section.axis("activation", or: activations, .words) {
      try Activation(parsing: $0.text)
    }
    lookAheads = try section.axis("lookAhead", or: lookAheads, .numbers) {
      $0.text == "quarter"
        ? .quarter
        : .samples(try Self.integer($0, in: 0...4096, or: "quarter"))
    }
    dilations = try section.axis("dilations", or: dilations, .lists) { item in
      let numbers = try item.words.map { try Self.integer($0, in: 1...4096) }
      guard !numbers.isEmpty else {
        throw ExploreError(
          .option("dilations"), "a list of dilations is empty",
          hint: "give one number for all convolutions, or one for each")
      }
      return numbers
    }
    skips = try section.axis("skip", or: skips, .words, Self.flag)
    biases = try section.axis("biases", or: biases, .words, Self.flag)
    features = try section.axis("features", or: features, .lists) { item in
      let list = try item.text.split(separator: ",", omittingEmptySubsequences: false).map {
        try Feature(parsing: String($0.drop { $0 == " " }))
      }
      guard Set(list).count == list.count else {
        throw ExploreError(
          .option("features"), "a feature stands twice in '\(item.text)'", hint: "list each once")
      }
      return list
    }
    branches = try section.axis("branch", or: branches, .sections, Self.branch)
    try section.rejectUnknownKeys()
  }

  private mutating func readWidths(_ section: inout YAMLSection) throws {
    let listed = try section.axis("hiddenChannels", or: [], .lists) { item in
      try item.words.map { try Self.integer($0, in: 1...4096) }
    }
    var convolutions = [2]
    var channels = [8]
    if case .uniform(let counts, let widths) = widths {
      (convolutions, channels) = (counts, widths)
    }
    convolutions = try section.axis("convolutions", or: convolutions, .numbers) {
      try Self.integer($0, in: 1...64)
    }
    channels = try section.axis("channels", or: channels, .numbers) {
      try Self.integer($0, in: 1...4096)
    }
    guard section.has("hiddenChannels") else {
      if section.has("convolutions") || section.has("channels") {
        widths = .uniform(convolutions: convolutions, channels: channels)
      }
      return
    }
    for key in ["convolutions", "channels"] where section.has(key) {
      throw section.fault(
        section.line(of: key),
        "'\(section.name(of: key))' and 'hiddenChannels' both say how wide the network is",
        hint: "keep hiddenChannels, or convolutions and channels")
    }
    widths = .listed(listed)
  }

  private mutating func readFormats(_ section: inout YAMLSection) throws {
    wordLengths = try section.axis("wordLength", or: wordLengths, .numbers) {
      try Self.integer($0, in: 4...32)
    }
    integerBits = try section.axis("integerBits", or: integerBits, .numbers) {
      $0.text == "observed"
        ? .observed : .count(try Self.integer($0, in: -16...32, or: "observed"))
    }
    tanhTableBits = try section.axis("tanhTableBits", or: tanhTableBits, .numbers) {
      try Self.integer($0, in: 2...14)
    }
    let rounding: (String) throws -> Rounding = Experiment.caseParser("rounding")
    roundings = try section.axis("rounding", or: roundings, .words) { try rounding($0.text) }
    let overflow: (String) throws -> Overflow = Experiment.caseParser("overflow")
    overflows = try section.axis("overflow", or: overflows, .words) { try overflow($0.text) }
    try section.rejectUnknownKeys()
  }

  /// A knob with one value becomes the recipe's, one with several an axis.
  private mutating func readRecipe(_ section: inout YAMLSection) throws {
    for knob in try section.axisLeaves() {
      let base = recipe
      let values = try section.axisOfLeaf(knob) { (text: String) -> TrainingRecipe in
        try RecipeKnobs.setting(knob.name, to: text, of: base)
      }
      recipeAxes.removeAll { $0.name == knob.name }
      if values.count == 1 {
        recipe = values[0].value
      } else {
        recipeAxes.append(RecipeAxis(name: knob.name, values: values.map(\.text)))
      }
    }
  }

  // MARK: - Single values

  private static func integer(
    _ item: YAMLAxisValue, in range: ClosedRange<Int>, or word: String? = nil
  ) throws -> Int {
    try integer(item.text, in: range, or: word)
  }

  private static func integer(
    _ text: String, in range: ClosedRange<Int>, or word: String? = nil
  ) throws -> Int {
    guard let value = Int(text), range.contains(value) else {
      let near = word.flatMap { nearestWord(to: text, among: [$0]) }
      throw ExploreError(
        .option("space"),
        "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)"
          + (word.map { " or '\($0)'" } ?? ""),
        hint: near.map { "did you mean '\($0)'?" } ?? "docs/guides/design-space.md lists the knobs")
    }
    return value
  }

  private static func number(
    _ item: YAMLAxisValue, in range: ClosedRange<Double>
  ) throws -> Double {
    guard let value = Double(item.text), range.contains(value) else {
      throw ExploreError(
        .option("space"),
        "'\(item.text)' is not a number from \(YAMLSection.word(range.lowerBound)) to "
          + YAMLSection.word(range.upperBound),
        hint: "docs/guides/design-space.md lists the knobs")
    }
    return value
  }

  private static func flag(_ item: YAMLAxisValue) throws -> Bool {
    switch item.text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      throw ExploreError(
        .option("space"), "'\(item.text)' is neither true nor false",
        hint: "give true, false, or [true, false]")
    }
  }

  private static func branch(_ item: YAMLAxisValue) throws -> LinearBranch? {
    guard let section = item.section else {
      guard item.text == "none" else {
        let near = nearestWord(to: item.text, among: ["none"])
        throw ExploreError(
          .option("branch"), "'\(item.text)' is not a branch",
          hint: near.map { "did you mean '\($0)'?" }
            ?? "give none, or {kernelSize: 31, lookAhead: 10, structure: real}")
      }
      return nil
    }
    return try Experiment.branch(section)
  }
}
