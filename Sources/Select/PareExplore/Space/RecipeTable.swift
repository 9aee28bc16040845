import PareTrain

/// The recipes of a space, made once for each choice of its knobs.
struct RecipeTable {
  let space: DesignSpace
  private var known: [[Int?]: (recipe: TrainingRecipe, hash: String)] = [:]

  init(_ space: DesignSpace) { self.space = space }

  /// - Parameter choice: a place on each of the recipe's axes; nil for the value of the space's own recipe.
  /// - Throws: ``ExploreError`` or `TrainingError` when a value does not fit its knob, or the knobs not each other.
  mutating func recipe(_ choice: [Int?]) throws -> (recipe: TrainingRecipe, hash: String) {
    if let found = known[choice] { return found }
    var recipe = space.recipe
    for (axis, place) in zip(space.recipeAxes, choice) {
      guard let place else { continue }
      recipe = try RecipeKnobs.setting(axis.name, to: axis.values[place], of: recipe)
    }
    try recipe.validate()
    let made = (recipe, PointKey.hash(of: recipe))
    known[choice] = made
    return made
  }
}
