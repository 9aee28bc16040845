import PareText

extension SweepExperiment {
  /// Reads an experiment with a section `space`.
  ///
  /// - Parameter file: the name to blame in an error.
  /// - Throws: ``ExploreError`` with file and line; unknown keys are errors, and so are those of a single design point,
  ///   which belong below `space`.
  public init(yaml text: String, file: String) throws {
    var top = try YAMLSection(text: text, file: file)
    guard var section = try top.section("space") else {
      throw top.fault(
        top.line, "there is no 'space' to sweep",
        hint: "pare init --sweep writes an example; pare train takes a single design point")
    }
    for key in Experiment.pointKeys where top.has(key) {
      throw top.fault(
        top.line(of: key), "'\(key)' of a sweep belongs below 'space'",
        hint: key == "ladder"
          ? "a sweep's ladder is its sparsity axis" : "a single value there fixes it")
    }
    let preset: (String) throws -> SpacePreset = Experiment.caseParser("space.preset")
    space = try section.parsed("preset", or: nil) { try preset($0).space } ?? DesignSpace()
    dataset = try top.text("dataset", or: dataset)
    task = try top.parsed("task", or: task, Experiment.caseParser("task"))
    seed = UInt64(try top.integer("seed", or: Int(seed), in: 0...Int.max))
    space.recipe = try Experiment.recipe(&top, or: space.recipe)
    try space.read(&section)
    try section.rejectUnknownKeys()
    strategy = try SearchStrategy.read(&top)
    if var section = try top.section("qor") { qor = try QoRPlan(&section) }
    try top.rejectUnknownKeys()
    do {
      try space.validate()
    } catch let error as any PareError {
      throw section.fault(top.line(of: "space"), error.message, hint: error.hint)
    }
  }
}
