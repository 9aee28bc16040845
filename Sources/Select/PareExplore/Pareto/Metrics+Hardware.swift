import PareDatapath
public import PareFixed
import PareNetwork
import PareQoR
public import PareSignal

/// A stretch of the waveform that a circuit is fed with once it is deployed; toggles are counted on it.
public struct ActivityStimulus: Hashable, Sendable {
  /// `[channel][sample]`, in units of the network's input.
  public let channels: [[Float]]
  /// Samples to count toggles on, after those that only fill the network's memory.
  public let sampleCount: Int

  /// Samples that toggles are counted on when nothing is said.
  public static let standardCount = 256

  /// - Precondition: at least two samples are to be counted.
  public init(
    _ channels: [[Float]], sampleCount: Int = ActivityStimulus.standardCount
  ) {
    precondition(sampleCount >= 2, "toggles on \(sampleCount) samples")
    self.channels = channels
    self.sampleCount = sampleCount
  }

  /// The start of the validation split's input: what comes in both to a predistorter and to a model of the amplifier.
  public init(
    deployedIn dataset: IQDataset, sampleCount: Int = ActivityStimulus.standardCount
  ) {
    self.init(dataset[.validation].input.channels, sampleCount: sampleCount)
  }

  /// The words of as many samples as a graph with this memory needs; fewer when there are no more.
  func words(for network: FixedNetwork, memory: Int) -> [[Int64]] {
    network.quantize(channels.map { Array($0.prefix(memory + sampleCount)) })
  }
}

extension Metrics {
  /// The family that designs are estimated for.
  static let family = LogicFamily.ultraScalePlus
  /// The clock when none is given: what the open flow reaches on an ECP5 is about the same, on UltraScale+ more.
  public static let defaultClockHz = 200e6

  /// The figures of shape and of hardware of a network in integers; those of accuracy, and the sparsity that was asked for, are
  /// left to the caller.
  ///
  /// Hardware is what `pare compile` makes of the network for UltraScale+ with the effort `fast`: cells by the model of cells,
  /// power by the power model on toggles of the datapath's words. ``Metric/nnz`` counts the integer weights that are not 0: a
  /// small weight without a quantizer can become 0 in its word.
  ///
  /// - Parameter clockHz: what ``Metric/power`` is for; every clock brings a sample.
  /// - Throws: `DatapathError` when the network cannot be compiled, or the stimulus is shorter than its memory.
  public init(
    of network: FixedNetwork, stimulus: ActivityStimulus,
    clockHz: Double = Metrics.defaultClockHz
  ) throws {
    self.init()
    // The result is verified once, when it is pipelined, and not after each pass: half the time.
    let passes = PassPipeline.solving(SolverOptions(family: Self.family, effort: .fast))
    let pipeline = try passes.passes.reduce(network.lowered()) { try $1($0) }
      .pipelined(PipelineOptions(family: Self.family))
    let statistics = pipeline.datapath.statistics
    let cells = pipeline.resources().cells
    let profile = try pipeline.switchingProfile(
      on: stimulus.words(for: network, memory: pipeline.datapath.memory))
    let architecture = network.architecture
    self[.nnz] = Double(network.nonZeroCount)
    self[.weights] = Double(architecture.weightCount)
    self[.channels] = Double(architecture.hiddenChannels.max() ?? 0)
    self[.convolutions] = Double(architecture.convolutions)
    self[.kernelSize] = Double(architecture.kernelSize)
    self[.multiplications] = Double(network.multiplicationCount + statistics.multiplyCount)
    self[.adders] = Double(statistics.adderCount)
    self[.adderBits] = Double(statistics.adderBits)
    self[.registerBits] = Double(pipeline.registerBits)
    self[.tableBits] = Double(statistics.tableBits)
    self[.lut] = Double(cells.luts)
    self[.latency] = Double(pipeline.latency)
    self[.power] =
      PowerModel.standard(for: Self.family)?.estimate(
        profile, clockHz: clockHz, samplesPerClock: 1, device: nil
      ).dynamic.typical
  }

  /// The same of a model file's network.
  public init(
    of model: ModelFile, stimulus: ActivityStimulus, clockHz: Double = Metrics.defaultClockHz
  ) throws {
    try self.init(of: model.fixed, stimulus: stimulus, clockHz: clockHz)
  }
}

extension FixedNetwork {
  /// Weights that are neither 0 nor a power of two with a sign: those that a design without shift-add logic multiplies by.
  fileprivate var multiplicationCount: Int {
    (layers.map(\.taps) + (branch.map { [$0.taps] } ?? []))
      .reduce(0) { $0 + $1.count { $0.magnitude.nonzeroBitCount > 1 } }
  }
}
