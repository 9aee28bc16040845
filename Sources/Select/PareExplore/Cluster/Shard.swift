import PareNumerics
import PareSignal
import PareText
import PareTrain

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What one task of the cluster works out: some dense parents with all their missing points and all seeds, `plan-N.json`.
///
/// The points stand in it whole, so that a task neither expands the design space again nor depends on an experiment that was
/// edited since.
struct Shard: Codable, Sendable {
  struct Entry: Codable, Sendable {
    let key: String
    let recipe: String
    let point: DesignPoint
  }

  private(set) var schemaVersion = 1
  let number: Int
  let dataset: String
  let datasetHash: String
  let task: LearningTask
  let seed: UInt64
  let generator: String
  /// Keys of the dense networks.
  let parents: [String]
  /// Expected seconds on one core.
  let cost: Double
  /// By hash.
  let recipes: [String: TrainingRecipe]
  let points: [Entry]

  init(
    _ number: Int, _ parents: some Collection<SweepTree.Parent>, of context: SweepContext
  ) {
    self.number = number
    dataset = context.dataset
    datasetHash = context.key.datasetHash
    task = context.key.task
    seed = context.key.seed
    generator = context.key.generator
    self.parents = parents.map(\.key)
    cost = parents.reduce(0) { $0 + $1.costOfAllSeeds }
    let planned = parents.flatMap(\.points)
    recipes = Dictionary(
      planned.map { ($0.recipeHash, $0.recipe) }, uniquingKeysWith: { first, _ in first })
    points = planned.map { Entry(key: $0.key, recipe: $0.recipeHash, point: $0.point) }
  }

  /// - Throws: `JSONTextError`; ``ExploreError`` for a plan of another version.
  init(json: String, file: String) throws {
    struct Head: Decodable { let schemaVersion: Int }
    let version = try JSONText.decode(Head.self, from: json, file: file).schemaVersion
    guard version == 1 else {
      throw ExploreError(
        .file(path: file), "\(file): schemaVersion \(version), this pare knows 1",
        hint: "update pare, or remove the file and run pare sweep again")
    }
    self = try JSONText.decode(Self.self, from: json, file: file)
  }

  /// One line: of a large sweep these are many megabytes.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("shard \(number) cannot be written as JSON: \(error)")
    }
  }

  var key: PointKey {
    PointKey(datasetHash: datasetHash, task: task, seed: seed, generator: generator)
  }

  /// Whether the points mean here what they meant where the shard was planned.
  func belongs(to context: SweepContext) -> Bool { key == context.key }

  /// The points, with keys made anew.
  ///
  /// - Throws: ``ExploreError`` when they differ from those in the file.
  func plannedPoints(file: String) throws -> [PlannedPoint] {
    try points.map { entry in
      guard let recipe = recipes[entry.recipe] else {
        throw damaged(file, "names the recipe \(entry.recipe) and does not have it")
      }
      let planned = PlannedPoint(entry.point, recipe, by: key)
      guard planned.key == entry.key else {
        throw damaged(file, "point \(entry.key) has the key \(planned.key)")
      }
      return planned
    }
  }

  private func damaged(_ file: String, _ what: String) -> ExploreError {
    ExploreError(
      .file(path: file), "\(file): \(what)",
      hint: "it was edited, or written by another pare; remove it and run pare sweep again")
  }
}

extension SweepTree.Parent {
  /// Expected seconds on one core.
  var costOfAllSeeds: Double {
    cost * Double(points.map(\.recipe.seedCount).max() ?? 1)
  }
}
