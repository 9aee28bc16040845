import PareExplore
import PareFixed
import PareNetwork
import PareText
import PareTrain

extension Implement {
  /// The folder of the unoptimized twin inside a design folder.
  static let baselineFolder = "baseline"

  /// The unoptimized twin of a design's network.
  ///
  /// - Parameter source: a model file, the folder or the ledger of a sweep, or `train`.
  func twin(of design: DesignFolder, from source: String) async throws -> UnoptimizedTwin {
    guard case .model(let model) = design.source else {
      throw ExploreError(
        .option("baseline"), "\(folder) was compiled from filter taps, which have no dense parent",
        hint: "compile the same taps with --multipliers dsp --effort none, then pare qor compare",
        kind: .usage)
    }
    if source == "train" { return try await trainedTwin(of: model) }
    guard TextFile.isFolder(source) || source.hasSuffix(".sqlite") else {
      return try UnoptimizedTwin(of: model, contentsOf: source)
    }
    let ledger = try Ledger(reading: Ledger.path(ofRun: source))
    guard let twin = try UnoptimizedTwin(of: model, in: ledger) else {
      throw ExploreError(
        .option("baseline"),
        "\(ledger.path): no row is \(model.network.architecture.name), dense, without a quantizer, on the same data",
        hint: "add sparsity 0 and quantizer none to the sweep, or take --baseline train",
        kind: .usage)
    }
    return twin
  }

  private func trainedTwin(of model: ModelFile) async throws -> UnoptimizedTwin {
    let path = "\(folder)/model.json"
    let experiment = try UnoptimizedTwin.experiment(of: model, recipe: .standard, path: path)
    let data = try await DatasetSource.load(experiment.dataset, onProgress: common.toolProgress)
    let progress = common.progress
    progress.event(
      "training the baseline: \(experiment.architecture.name), dense, seed \(experiment.seed), standard recipe"
    )
    let twin = try await UnoptimizedTwin.trained(
      for: model, on: data, recipe: .standard, generator: "pare \(Pare.version)",
      folder: RunFolder("\(folder)/\(Self.baselineFolder).run"), path: path
    ) { event in
      if case .note(let words) = event { progress.event(words) }
    }
    return twin
  }
}
