import PareText

extension SearchStrategy {
  /// Reads the key `strategy`: `grid`, or a section `random` or `evolution`; grid when it is absent.
  ///
  /// - Throws: ``ExploreError`` with the line.
  static func read(_ top: inout YAMLSection) throws -> SearchStrategy {
    guard top.has("strategy") else { return .grid }
    let line = top.line(of: "strategy")
    let known = ["grid", "random", "evolution"]
    if top.isWord("strategy") {
      let word = try top.text("strategy", or: "grid")
      switch word {
      case "grid": return .grid
      case "evolution": return .evolution(EvolutionSettings())
      default:
        let near = nearestWord(to: word, among: known)
        throw top.fault(
          line,
          word == "random"
            ? "the strategy 'random' does not say how many points"
            : "'\(word)' is not a strategy",
          hint: word == "random"
            ? "write strategy: {random: {count: 200}}"
            : near.map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))")
      }
    }
    guard var section = try top.section("strategy") else { return .grid }
    var found: [SearchStrategy] = []
    if var random = try section.section("random") {
      guard random.has("count") else {
        throw random.fault(
          line, "the strategy 'random' does not say how many points",
          hint: "write strategy: {random: {count: 200}}")
      }
      found.append(.random(count: try random.integer("count", or: 1, in: 1...100_000_000)))
      try random.rejectUnknownKeys()
    }
    if var evolution = try section.section("evolution") {
      found.append(.evolution(try EvolutionSettings(&evolution)))
    }
    try section.rejectUnknownKeys()
    guard found.count == 1 else {
      throw section.fault(
        line, "'strategy' names \(found.count) strategies", hint: "give one of random, evolution")
    }
    return found[0]
  }
}

extension EvolutionSettings {
  fileprivate init(_ section: inout YAMLSection) throws {
    population = try section.integer("population", or: population, in: 4...100_000)
    generations = try section.integer("generations", or: generations, in: 1...1_000_000)
    let metric: (String) throws -> Metric = Experiment.caseParser("objectives")
    objectives = try section.axis("objectives", or: objectives, .words) { try metric($0.text) }
    if let metric = objectives.first(where: \.isImplemented) {
      throw section.fault(
        section.line(of: "objectives"),
        "'\(metric.rawValue)' is known of implemented designs alone, and a search implements none",
        hint: "search by figures of the cost model, such as lut or power")
    }
    guard objectives.count >= 2 else {
      throw section.fault(
        section.line(of: "objectives"), "a front needs two objectives or more",
        hint: "such as objectives: [nmse, nnz]")
    }
    wholeParents = try section.flag("wholeParents", or: wholeParents)
    crossover = try section.number("crossover", or: crossover, in: 0...1)
    mutations = try section.number("mutations", or: mutations, in: 0.01...100)
    try section.rejectUnknownKeys()
  }
}
