public import PareNetwork
import PareNumerics
import PareSignal
import PareText
import PareTools
public import PareTrain

/// The whole journey in small: measured data, a handful of trained networks, one of them as verified gates.
///
/// Every finished stage is a file in the run folder, so that a run that was stopped, however hard, goes on where it was.
public struct Demo: Sendable {
  /// What is trained and built.
  public struct Plan: Sendable, Hashable {
    public var dataset = "opendpd/APA_200MHz"
    public var kernelSizes = [3, 5, 7]
    public var sparsities = [0.65, 0.83]
    public var quantizers: [QuantizationScheme] = [.none, .apot()]
    public var recipe = TrainingRecipe.quick
    public var seeds: [UInt64] = [1, 2, 3, 4, 5, 6]
    /// The design that is built has at most so many non-zero weights.
    public var largestNonZeroCount = 60
    public var routingSeeds = [1, 2, 3]
    public var generator: String

    public init(generator: String) { self.generator = generator }

    /// One network, one seed: enough to see that everything works.
    public static func quick(generator: String) -> Plan {
      var plan = Plan(generator: generator)
      plan.kernelSizes = [5]
      plan.sparsities = [0.83]
      plan.seeds = [1]
      plan.routingSeeds = [1]
      return plan
    }
  }

  /// Something to tell the user.
  public enum Event: Sendable {
    /// Worth a line of its own.
    case note(String)
    /// Where a long step is.
    case progress(String)
  }

  let plan: Plan
  let folder: RunFolder
  let jobs: Int
  let onEvent: @Sendable (Event) -> Void

  public init(
    _ plan: Plan, in folder: String, jobs: Int, onEvent: @escaping @Sendable (Event) -> Void
  ) {
    self.plan = plan
    self.folder = RunFolder(folder)
    self.jobs = jobs
    self.onEvent = onEvent
  }

  /// - Throws: `ToolError` before any work when a tool is missing; otherwise what the stages throw.
  public func run() async throws -> DemoReport {
    let hardware = try await DemoHardware(self)
    return try await folder.locked {
      let data = try await loadData()
      let splits = data.dataset.sampleSplits(for: .inverse)
      let training = try await train(data, splits)
      let picked = try pick(training)
      let report = try await hardware.build(picked, among: training, data: data, splits: splits)
      try TextFile.write(JSONText.encode(report), to: "\(folder.path)/demo.json")
      return report
    }
  }

  // MARK: - Data

  struct Data: Sendable {
    let dataset: IQDataset
    let name: String
    let isSynthetic: Bool
    let seconds: Double
  }

  /// The measured set; without network and cache a synthetic amplifier, said aloud.
  private func loadData() async throws -> Data {
    let clock = ContinuousClock()
    let start = clock.now
    func data(_ dataset: IQDataset, _ name: String, isSynthetic: Bool) -> Data {
      onEvent(
        .note(
          "data: \(name), \((dataset.training.count + dataset.validation.count + dataset.test.count).grouped) samples"
        ))
      return Data(
        dataset: dataset, name: name, isSynthetic: isSynthetic,
        seconds: start.duration(to: clock.now).inSeconds)
    }
    do {
      let dataset = try await DatasetSource.load(plan.dataset) {
        onEvent(.note("\($0.stage): \($0.detail)"))
      }
      return data(dataset, plan.dataset, isSynthetic: false)
    } catch let error as ToolError where error.isDownloadFault {
      onEvent(
        .note(
          """
          note: \(plan.dataset) is not in the cache and cannot be fetched (\(error.message)); a synthetic amplifier takes \
          its place, so the figures are no measurement
          """))
      let dataset = try IQDataset.synthesized(by: MemoryPolynomialAmplifier(), seed: 1)
      // On disk, so that later commands find what the model was trained on.
      let path = "\(folder.path)/data"
      try dataset.write(to: path, replacing: true)
      return data(dataset, path, isSynthetic: true)
    }
  }

  // MARK: - Training

  struct Training: Sendable {
    struct Point: Sendable {
      let seed: UInt64
      let point: DemoChain.Outcome.Point
    }

    /// The best seed of every design point, in the order of the plan.
    let points: [Point]
    let seconds: Double
    let wasKept: Bool
  }

  private func train(_ data: Data, _ splits: SampleSplits) async throws -> Training {
    let chains = plan.kernelSizes.flatMap { kernelSize in
      plan.seeds.map { DemoChain(kernelSize: kernelSize, seed: $0, plan: plan) }
    }
    let key = [
      data.name, StableHash.hex(data.dataset.stableHash), plan.generator,
      JSONText.encode(plan.recipe), "\(plan.sparsities)", "\(plan.quantizers)",
    ]
    onEvent(.note("training: \(chains.count) chains of networks, \(jobs) at a time"))
    let clock = ContinuousClock()
    let start = clock.now
    let stages = try await boundedMap(chains, jobs: jobs) { chain in
      let name = "k\(chain.kernelSize)-seed\(chain.seed)"
      let stage = try await folder.stage(
        "train/\(name)", key: key, onDamage: { onEvent(.note($0)) },
        make: {
          try await chain.run(on: data.dataset, named: data.name, splits) {
            onEvent(.progress("\(name) \($0.stage.rawValue) \($0.step)/\($0.steps)"))
          }
        })
      tell(chain, stage)
      return stage
    }
    let wasKept = stages.allSatisfy(\.wasKept)
    return Training(
      points: best(of: chains, stages.map(\.value)),
      seconds: wasKept
        ? stages.reduce(0) { $0 + $1.seconds } / Double(min(jobs, chains.count))
        : start.duration(to: clock.now).inSeconds,
      wasKept: wasKept)
  }

  private func tell(_ chain: DemoChain, _ stage: Stage<DemoChain.Outcome>) {
    let scores = stage.value.points.map { $0.testNMSEdB.fixed(1) }.joined(separator: " ")
    onEvent(
      .note(
        "  kernel \(chain.kernelSize), seed \(chain.seed): test NMSE \(scores) dB"
          + (stage.wasKept ? " (kept)" : "  \(stage.seconds.fixed(1)) s")))
  }

  private func best(of chains: [DemoChain], _ outcomes: [DemoChain.Outcome]) -> [Training.Point] {
    plan.kernelSizes.flatMap { kernelSize -> [Training.Point] in
      let family = zip(chains, outcomes).filter { $0.0.kernelSize == kernelSize }
      return family[0].1.points.indices.map { index in
        family.map { Training.Point(seed: $0.0.seed, point: $0.1.points[index]) }
          .min { $0.point.validationNMSEdB < $1.point.validationNMSEdB }!
      }
    }
  }

  /// The most accurate quantized network, on the validation split, within the budget of weights.
  private func pick(_ training: Training) throws -> Training.Point {
    let affordable = training.points.filter {
      $0.point.quantizer != .none && $0.point.nonZeroCount <= plan.largestNonZeroCount
    }
    guard
      let best = affordable.min(by: { $0.point.validationNMSEdB < $1.point.validationNMSEdB })
    else {
      throw ExploreError(
        .option("nnz"), "no quantized network has at most \(plan.largestNonZeroCount) weights",
        hint: "raise --nnz", kind: .usage)
    }
    return best
  }
}

extension ToolError {
  /// Whether a download was forbidden or did not come through; a file with a wrong hash did come, and is no such fault.
  var isDownloadFault: Bool {
    switch code {
    case .offline, .timedOut: true
    case .toolFailed(let failure): !failure.lastLines.contains { $0.contains("HASHES") }
    case .toolMissing, .notStarted, .reportUnreadable, .fileFailed, .designRejected,
      .vendorToolFailed:
      false
    }
  }
}
