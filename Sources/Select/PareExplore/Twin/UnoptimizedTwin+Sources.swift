public import PareFixed
import PareNetwork
public import PareSignal
import PareText
public import PareTrain

extension UnoptimizedTwin {
  /// The twin in the file of a dense network.
  public init(of model: ModelFile, contentsOf path: String) throws {
    let dense = try ModelFile(json: TextFile.read(path), file: path)
    try self.init(of: model, dense: dense, origin: .file(path: path), name: path)
  }

  /// The twin in a sweep's ledger: the row of the same architecture, data and task without pruning and quantizer.
  ///
  /// Of several, that of the recipe of the most rows is no better than another; the one with the best validation score is
  /// taken, and of equals the first key.
  ///
  /// - Returns: nil when the ledger has no such row with a model.
  /// - Throws: ``ExploreError`` for a damaged ledger.
  public init?(of model: ModelFile, in ledger: Ledger) throws {
    let architecture = model.network.architecture
    let rows = try ledger.candidates().filter { row in
      row.failure == nil && row.point.architecture == architecture && row.point.sparsity == 0
        && row.point.quantizer == .none
        && (model.task.map {
          $0.datasetHash == row.datasetHash && $0.direction == row.task.rawValue
        } ?? true)
    }.sorted { ($0.metrics[.nmse] ?? .infinity, $0.key) < ($1.metrics[.nmse] ?? .infinity, $1.key) }
    for row in rows {
      guard let text = try ledger.model(of: row.key) else { continue }
      let name = "\(ledger.path), row \(row.key)"
      try self.init(
        of: model, dense: ModelFile(json: text, file: name),
        origin: .ledger(path: ledger.path, key: row.key), name: name)
      return
    }
    return nil
  }

  /// The experiment that trains the twin: the model's architecture, data, task and seed, without pruning and quantizer.
  ///
  /// - Parameter recipe: what the model was trained with; its file does not say.
  /// - Throws: ``ExploreError`` when the file does not say what the network was trained on.
  public static func experiment(
    of model: ModelFile, recipe: TrainingRecipe, path: String
  ) throws -> Experiment {
    guard let task = model.task, let direction = LearningTask(rawValue: task.direction) else {
      throw ExploreError(
        .file(path: path), "\(path): the file does not say what the network was trained for",
        hint: "train the baseline yourself and name its file: --baseline dense.json")
    }
    var experiment = Experiment(architecture: model.network.architecture)
    experiment.dataset = task.dataset
    experiment.task = direction
    experiment.formats = .uniform(format)
    experiment.recipe = recipe
    experiment.recipe.seedCount = 1
    experiment.seed = model.training?.seed ?? experiment.seed
    return experiment
  }

  /// Trains the twin on the data of its model.
  ///
  /// - Parameters:
  ///   - folder: where a stopped training is kept.
  ///   - path: the model's file, for errors.
  /// - Throws: ``ExploreError`` when the data is not that of the model, and what training throws.
  public static func trained(
    for model: ModelFile, on dataset: IQDataset, recipe: TrainingRecipe, generator: String,
    folder: RunFolder? = nil, path: String,
    onEvent: @escaping @Sendable (TrainingJob.Event) -> Void = { _ in }
  ) async throws -> UnoptimizedTwin {
    let experiment = try experiment(of: model, recipe: recipe, path: path)
    let result = try await TrainingJob(experiment, generator: generator).run(
      on: dataset, jobs: 1, folder: folder, onEvent: onEvent)
    return try UnoptimizedTwin(
      of: model, dense: result.model, origin: .trained(seed: experiment.seed),
      name: "the trained baseline")
  }
}
