public import PareNetwork
import PareNumerics
public import PareSignal
import PareText
public import PareTrain

/// The points of a sweep, gathered under the dense networks that they share.
public struct SweepPlan: Sendable {
  /// A dense network, trained once per seed, and the points that are made of it.
  public struct Parent: Sendable {
    /// Of all that decides the dense network but the seed.
    public let key: String
    public let architecture: Architecture
    public let points: [PlannedPoint]
    /// How long it takes, relative to other parents.
    public let cost: Double
  }

  /// The dearest first, so that no long chain is left for the end; parents of equal cost by key.
  public let parents: [Parent]
  public let points: [PlannedPoint]

  public init(_ points: [PlannedPoint], of experiment: SweepContext) {
    self.points = points
    var gathered: [String: [PlannedPoint]] = [:]
    var order: [String] = []
    for point in points {
      let key = experiment.denseKey(of: point)
      if gathered[key] == nil { order.append(key) }
      gathered[key, default: []].append(point)
    }
    parents = order.map { key in
      let points = gathered[key]!
      return Parent(
        key: key, architecture: points[0].point.architecture, points: points,
        cost: ChainCost.seconds(of: points))
    }.sorted { ($1.cost, $0.key) < ($0.cost, $1.key) }
  }
}

/// What all points of a sweep share: data, task, seeds and program.
public struct SweepContext: Sendable {
  /// As the user names it.
  public let dataset: String
  public let key: PointKey
  /// The machine, for the ledger's rows.
  public let host: String

  public init(dataset: String, key: PointKey, host: String) {
    self.dataset = dataset
    self.key = key
    self.host = host
  }

  /// The experiment that a point is, alone: training it gives the very model of the sweep.
  public func experiment(of planned: PlannedPoint) -> Experiment {
    var experiment = Experiment(architecture: planned.point.architecture)
    experiment.dataset = dataset
    experiment.task = key.task
    experiment.seed = key.seed
    experiment.point = planned.point
    experiment.recipe = planned.recipe
    return experiment
  }

  /// Of all that decides the dense network but its seed.
  func denseKey(of planned: PlannedPoint) -> String {
    hash(denseParts(of: planned))
  }

  /// Of a chain's state after some levels; none are the dense network.
  func stateKey(of planned: PlannedPoint, levels: ArraySlice<Double>, seed: UInt64) -> String {
    let pruning = levels.isEmpty ? [] : [JSONText.encode(planned.recipe.pruning), "\(levels)"]
    return hash(denseParts(of: planned) + ["\(seed)"] + pruning)
  }

  private func denseParts(of planned: PlannedPoint) -> [String] {
    var recipe = experiment(of: planned).informedRecipe
    // Knobs of later stages do not change a dense network.
    recipe.pruning = TrainingRecipe.standard.pruning
    recipe.quantization = TrainingRecipe.standard.quantization
    recipe.seedCount = 1
    return [
      key.generator, key.datasetHash, key.task.rawValue,
      JSONText.encode(planned.point.architecture), JSONText.encode(recipe),
    ]
  }

  private func hash(_ parts: [String]) -> String {
    var hash = StableHash()
    for part in parts { hash.combine(part) }
    return hash.hex
  }
}
