import PareNumerics
public import PareSignal
import PareText

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

  /// - Parameter generator: program and version.
  public init(_ experiment: SweepExperiment, on dataset: IQDataset, generator: String) {
    self.init(
      dataset: experiment.dataset,
      key: PointKey(
        datasetHash: StableHash.hex(dataset.stableHash), task: experiment.task,
        seed: experiment.seed, generator: generator),
      host: RunEnvironment.hostName)
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
    let pruning = levels.isEmpty ? [] : planned.recipe.pruningKey + ["\(levels)"]
    return hash(denseParts(of: planned) + ["\(seed)"] + pruning)
  }

  private func denseParts(of planned: PlannedPoint) -> [String] {
    let parent = planned.parent
    return [
      key.generator, key.datasetHash, key.task.rawValue, JSONText.encode(parent.architecture),
      JSONText.encode(parent.recipe),
    ]
  }

  private func hash(_ parts: [String]) -> String {
    var hash = StableHash()
    for part in parts { hash.combine(part) }
    return hash.hex
  }
}
