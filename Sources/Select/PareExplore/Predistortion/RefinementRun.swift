public import PareDPD
public import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import PareText
public import PareTrain

/// Refines a network predistorter through amplifier models, prunes it, and brings it to integers.
public struct RefinementRun: Sendable {
  /// What is done, and on what grounds.
  public struct Plan: Sendable {
    /// Models whose errors are added; of their qualities the least is the score.
    public var judges: [Judge]
    /// Weights that are left; nil for those that the model has.
    public var nonZeroCount: Int?
    /// Whether pruned weights come to life, from 0, before the refinement.
    public var revives = false
    /// A ridge of 1e-9, and the rounding of the formats unless it is set.
    public var recipe = SecondOrderRecipe()
    /// Of all words; their integer bits are observed on the training split.
    public var wordLength = 16
    public var tanhTableBits = 10
    /// Program and version.
    public var generator: String

    public init(judges: [Judge], generator: String) {
      self.judges = judges
      self.generator = generator
      recipe.iterations = 30
      recipe.ridge = 1e-9
      recipe.candidates = 1
      recipe.dropFraction = 0.05
      recipe.roundIterations = 2
    }
  }

  public struct Result: Sendable {
    public let model: ModelFile
    public let report: RefinementReport
  }

  let plan: Plan
  let benchmark: PredistortionBenchmark
  let task: ModelFile.Task

  /// - Parameter task: what the model says that it is for: a predistorter for the benchmark's own gain.
  public init(_ plan: Plan, on benchmark: PredistortionBenchmark, task: ModelFile.Task) {
    self.plan = plan
    self.benchmark = benchmark
    self.task = task
  }

  /// Runs the plan.
  ///
  /// A model for the task `forward` was trained on drives divided by a gain, which moves into its weights. A model for
  /// `inverse`, or for none, gives drives as it is.
  ///
  /// - Parameter file: the model's name, for errors.
  /// - Throws: ``ExploreError`` for a number of weights that the model cannot be pruned to; `TrainingError`; `FixedError`;
  ///   `PredistortionError`; `CancellationError`.
  public func run(
    _ model: ModelFile, file: String,
    onProgress: @escaping (ObjectiveRefiner<PredistortionObjective>.Progress) -> Void = { _ in }
  ) throws -> Result {
    var network = model.network.network
    if let task = model.task, task.direction == LearningTask.forward.rawValue {
      network = network.multiplied(by: Complex(task.gainI, task.gainQ))
    }
    var recipe = plan.recipe
    if recipe.activationRounding < 0 {
      recipe.activationRounding = try formats(of: quantized(network)).activationRounding(
        of: network.architecture.activation)
    }
    var rows = [try row("given", network, file: file)]
    if plan.revives { network = network.revived() }
    try requireCount(network, file: file)
    var refiner = try ObjectiveRefiner(
      try PredistortionObjective(on: benchmark, through: plan.judges.map(\.amplifier)), recipe,
      onProgress: onProgress)
    network = try refiner.refine(network)
    rows.append(try row("refined", network, file: file))
    if let count = plan.nonZeroCount, count < network.mask.count {
      network = try refiner.prune(network, toNonZeroCount: count)
      rows.append(try row("pruned", network, file: file))
    }
    return Result(
      model: try predistorter(network),
      report: RefinementReport(
        generator: plan.generator, benchmark: benchmark.name,
        judges: plan.judges.map(\.name), steps: rows))
  }

  private func requireCount(_ network: Network, file: String) throws {
    guard let count = plan.nonZeroCount else { return }
    let least = network.architecture.layerCount
    guard (least...network.mask.count).contains(count) else {
      throw ExploreError(
        .option("--nonzeros"),
        "\(file): \(network.mask.count) weights, and \(count) are to be left",
        hint: "give \(least) to \(network.mask.count), or --revive for weights that were pruned",
        kind: .usage)
    }
  }

  private func row(
    _ name: String, _ network: Network, file: String
  ) throws -> RefinementReport.Step {
    RefinementReport.Step(
      name: name, nonZeroCount: network.nonZeroCount,
      scores: try PredistorterScores(
        of: predistorter(network), file: file, through: plan.judges, in: benchmark))
  }

  /// A predistorter whose output is the drive itself, in floats and in integers.
  private func predistorter(_ network: Network) throws -> ModelFile {
    let quantized = quantized(network)
    return ModelFile(
      generator: plan.generator, task: task, network: quantized,
      fixed: try quantized.fixed(to: formats(of: quantized)))
  }

  private func quantized(_ network: Network) -> QuantizedNetwork {
    network.quantized(by: QuantizationScheme(Quantizer.none))
  }

  private func formats(of network: QuantizedNetwork) throws -> FixedFormats {
    let channels = benchmark.input(.train).channels
    var formats = try FixedFormats.observed(
      network, on: SampleSet(input: channels, target: channels), wordLength: plan.wordLength)
    formats.tanhTableBits = plan.tanhTableBits
    return formats
  }
}

extension Network {
  /// The same function with every weight free to leave 0.
  fileprivate func revived() -> Network {
    Network(architecture: architecture, layers: layers, mask: Mask(allOf: architecture))
  }
}
