import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// A design space with everything else that decides what becomes of its points: what `experiment.yaml` says for a sweep.
public struct SweepExperiment: Hashable, Sendable {
  /// A name from the catalogue (`opendpd/APA_200MHz`), or a folder.
  public var dataset = "opendpd/APA_200MHz"
  public var task = LearningTask.inverse
  /// The first seed of every point, and the seed of the strategy.
  public var seed: UInt64 = 1
  public var space: DesignSpace
  public var strategy = SearchStrategy.grid
  /// What is implemented once the points are in; nil implements nothing.
  public var qor: QoRPlan?

  public init(space: DesignSpace) { self.space = space }

  public init(preset: SpacePreset) { space = preset.space }

  /// The recipe of points whose axes say nothing of it.
  public var recipe: TrainingRecipe {
    get { space.recipe }
    set { space.recipe = newValue }
  }

  /// The points of a strategy that needs no results, in the order of the space.
  ///
  /// - Throws: ``ExploreError`` when the space has fewer points than the strategy asks for, or the strategy is an
  ///   evolutionary search, whose points depend on results: ``EvolutionarySearch``.
  public func plannedPoints(by key: PointKey) throws -> [PlannedPoint] {
    try plannedPoints().map { $0.planned(by: key) }
  }

  func plannedPoints() throws -> [DesignSpace.Point] {
    switch strategy {
    case .grid: return Array(space.points)
    case .random(let count): return try space.sample(count, seed: seed)
    case .evolution:
      throw ExploreError(
        .option("strategy"), "the points of an evolutionary search are not known beforehand",
        hint: "sweep it, or choose the strategy grid or random")
    }
  }
}
