import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// All that decides what a design point becomes, its seeds included: the ledger's key is a hash of it.
///
/// Another recipe, seed, data set or version of the program is another key, so an old row is never taken for a new one.
public struct PointKey: Hashable, Sendable {
  public let datasetHash: String
  public let task: LearningTask
  /// The first seed; ``TrainingRecipe/seedCount`` tells how many.
  public let seed: UInt64
  /// Program and version.
  public let generator: String

  /// Counted up when the meaning of a key, or of a figure behind it, changes.
  private static let version = 3

  public init(datasetHash: String, task: LearningTask, seed: UInt64, generator: String) {
    self.datasetHash = datasetHash
    self.task = task
    self.seed = seed
    self.generator = generator
  }

  /// Sixteen hexadecimal digits.
  public func key(of point: DesignPoint, recipeHash: String) -> String {
    var hash = StableHash()
    for text in [
      "\(Self.version)", JSONText.encode(point), recipeHash, datasetHash, task.rawValue, "\(seed)",
      generator,
    ] {
      hash.combine(text)
    }
    return hash.hex
  }

  /// Sixteen hexadecimal digits of a recipe.
  public static func hash(of recipe: TrainingRecipe) -> String {
    var hash = StableHash()
    hash.combine(JSONText.encode(recipe))
    return hash.hex
  }
}

/// A design point of a sweep, with its recipe and its key.
public struct PlannedPoint: Hashable, Sendable {
  public let key: String
  public let point: DesignPoint
  public let recipe: TrainingRecipe
  public let recipeHash: String

  public init(_ point: DesignPoint, _ recipe: TrainingRecipe, by key: PointKey) {
    self.init(point, recipe, recipeHash: PointKey.hash(of: recipe), by: key)
  }

  /// - Parameter recipeHash: of the recipe, which many points share.
  init(_ point: DesignPoint, _ recipe: TrainingRecipe, recipeHash: String, by key: PointKey) {
    self.point = point
    self.recipe = recipe
    self.recipeHash = recipeHash
    self.key = key.key(of: point, recipeHash: recipeHash)
  }
}
