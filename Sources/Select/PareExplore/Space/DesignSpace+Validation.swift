import PareNetwork
import PareText
import PareTrain

extension DesignSpace {
  /// Checks that every combination of the axes that the constraints allow is a network, and that one is left.
  ///
  /// - Throws: ``ExploreError`` naming the first combination that is none, `TrainingError` for recipes.
  public func validate() throws {
    try requireValues()
    try requireRecipes()
    let grid = SpaceGrid(self)
    try grid.requireNetworks()
    var points = self.points
    guard points.next() != nil else {
      throw fault(
        "the constraints leave no point of the space",
        hint: "constraints: \(constraints.map(\.description).joined(separator: ", "))")
    }
  }

  private func fault(_ message: String, hint: String) -> ExploreError {
    ExploreError(.option("space"), message, hint: hint)
  }

  private func requireValues() throws {
    func check<Value: Hashable>(_ name: String, _ values: [Value]) throws {
      guard !values.isEmpty else {
        throw fault("'\(name)' has no value", hint: "give at least one")
      }
      guard Set(values).count == values.count else {
        throw fault("'\(name)' has a value twice", hint: "list each value once")
      }
    }
    switch widths {
    case .uniform(let convolutions, let channels):
      try check("convolutions", convolutions)
      try check("channels", channels)
    case .listed(let lists): try check("hiddenChannels", lists)
    }
    try check("kernelSize", kernelSizes)
    try check("dilations", dilations)
    try check("lookAhead", lookAheads)
    try check("activation", activations)
    try check("skip", skips)
    try check("biases", biases)
    try check("features", features)
    try check("branch", branches)
    try check("sparsity", sparsities)
    try check("quantizer", quantizers)
    try check("wordLength", wordLengths)
    try check("integerBits", integerBits)
    try check("tanhTableBits", tanhTableBits)
    try check("rounding", roundings)
    try check("overflow", overflows)
    if !recipeAxes.isEmpty { try check("recipe", recipeAxes.map(\.name)) }
    for axis in recipeAxes { try check("recipe.\(axis.name)", axis.values) }
  }

  /// More recipes than are all made beforehand.
  private static let mostRecipes = 2_000

  private func requireRecipes() throws {
    try recipe.validate()
    var table = RecipeTable(self)
    let counts = recipeAxes.map(\.values.count)
    let product = counts.reduce(1) { $0 > Self.mostRecipes ? $0 : $0 * $1 }
    guard product > Self.mostRecipes else {
      for index in 0..<product {
        var rest = index
        let choice: [Int?] = counts.map { count in
          defer { rest /= count }
          return rest % count
        }
        try requireRecipe(choice, &table)
      }
      return
    }
    for axis in recipeAxes.indices {
      for value in recipeAxes[axis].values.indices {
        var choice: [Int?] = recipeAxes.map { _ in nil }
        choice[axis] = value
        try requireRecipe(choice, &table)
      }
    }
  }

  private func requireRecipe(_ choice: [Int?], _ table: inout RecipeTable) throws {
    do {
      _ = try table.recipe(choice)
    } catch let error as any PareError {
      let words = zip(recipeAxes, choice).compactMap { axis, place in
        place.map { "\(axis.name) \(axis.values[$0])" }
      }
      throw fault(
        "recipe with \(words.joined(separator: ", ")): \(error.message)", hint: error.hint)
    }
  }
}

extension SpaceGrid {
  /// More shapes than are all tried.
  private static let mostShapes = 2_000_000

  /// - Throws: ``ExploreError`` naming a combination that makes no network although the constraints allow it. In a space of
  ///   millions of shapes constraints are not asked.
  fileprivate func requireNetworks() throws {
    if let count = architectureCombinationCount, count <= Self.mostShapes {
      try requireNetworks(asking: true)
    } else {
      // Whether a network can be built does not depend on these.
      var narrow = space
      narrow.activations = [space.activations[0]]
      narrow.skips = [space.skips[0]]
      narrow.biases = [space.biases[0]]
      narrow.features = [space.features[0]]
      if case .uniform(let convolutions, let channels) = space.widths {
        narrow.widths = .uniform(convolutions: convolutions, channels: [channels[0]])
      }
      try SpaceGrid(narrow).requireNetworks(asking: false)
    }
  }

  private func requireNetworks(asking: Bool) throws {
    var place = Array(repeating: 0, count: architectureAxes)
    repeat {
      let shape: Architecture?
      do {
        shape = try architecture(at: place)
      } catch {
        guard !asking || isAllowed(likeNetworkAt: place) else { continue }
        throw ExploreError(
          .option("space"), "\(words(at: place)): \(error.message)",
          hint: "\(error.hint); or drop the combination by a constraint")
      }
      guard let shape else { continue }
      for scheme in space.quantizers where !fits(scheme, shape) {
        guard !asking || isAllowed(shape) else { continue }
        throw ExploreError(
          .option("space"),
          "quantizer \(scheme) with \(words(at: place)): \(scheme.quantizers.count) quantizers for "
            + "\(shape.layerCount) layers",
          hint: "give one for all layers, or drop the combination by a constraint")
      }
    } while advance(&place)
  }

  /// Moves to the next place of a few axes; false after the last.
  func advance(_ place: inout Place) -> Bool {
    for axis in place.indices.reversed() {
      place[axis] += 1
      if place[axis] < axes[axis].count { return true }
      place[axis] = 0
    }
    return false
  }

  private func isAllowed(_ shape: Architecture) -> Bool {
    space.sparsities.contains { allows(shape, sparsity: $0) }
  }

  /// Whether constraints allow what would stand at a place if its look-aheads and dilations fitted.
  private func isAllowed(likeNetworkAt place: Place) -> Bool {
    let hidden = hiddenChannels(at: place)
    let branch = space.branches[place[index(of: .branch)]].map {
      LinearBranch(kernelSize: $0.kernelSize, lookAhead: 0, structure: $0.structure)
    }
    let dilations = Experiment.spread(
      space.dilations[place[index(of: .dilations)]], over: hidden.count + 1)
    let shape = try? Architecture(
      features: space.features[place[index(of: .features)]], hiddenChannels: hidden,
      kernelSize: space.kernelSizes[place[index(of: .kernelSize)]],
      dilations: dilations.count == hidden.count + 1 ? dilations : nil, branch: branch)
    return shape.map(isAllowed) ?? true
  }

  /// The combination, as one would say it.
  private func words(at place: Place) -> String {
    let hidden = hiddenChannels(at: place)
    var words = [
      "kernelSize \(space.kernelSizes[place[index(of: .kernelSize)]])",
      "hiddenChannels [\(hidden.map(String.init).joined(separator: ", "))]",
      "lookAhead \(space.lookAheads[place[index(of: .lookAhead)]])",
    ]
    let dilations = space.dilations[place[index(of: .dilations)]]
    if dilations != [1] {
      words.append("dilations [\(dilations.map(String.init).joined(separator: ", "))]")
    }
    if let branch = space.branches[place[index(of: .branch)]] {
      words.append("branch of \(branch.kernelSize) taps")
    }
    return words.joined(separator: ", ")
  }
}
