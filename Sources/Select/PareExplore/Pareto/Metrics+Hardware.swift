public import PareDatapath
public import PareFixed
import PareNetwork
public import PareSignal

/// A stretch of the waveform that a circuit is fed with once it is deployed; toggles are counted on it.
public struct ActivityStimulus: Hashable, Sendable {
  /// `[channel][sample]`, in units of the network's input.
  public let channels: [[Float]]
  /// Samples to count toggles on, after those that only fill the network's memory.
  public let sampleCount: Int

  /// - Precondition: at least two samples are to be counted.
  public init(
    _ channels: [[Float]], sampleCount: Int = HardwareEstimate.defaultSampleCount
  ) {
    precondition(sampleCount >= 2, "toggles on \(sampleCount) samples")
    self.channels = channels
    self.sampleCount = sampleCount
  }

  /// The start of the validation split's input: what comes in both to a predistorter and to a model of the amplifier.
  public init(
    deployedIn dataset: IQDataset, sampleCount: Int = HardwareEstimate.defaultSampleCount
  ) {
    self.init(dataset[.validation].input.channels, sampleCount: sampleCount)
  }

  /// The words of as many samples as a graph with this memory needs; fewer when there are no more.
  func words(for network: FixedNetwork, memory: Int) -> [[Int64]] {
    network.quantize(channels.map { Array($0.prefix(memory + sampleCount)) })
  }
}

extension HardwareEstimate {
  /// The estimate of a network, compiled by the same passes as a design folder.
  ///
  /// - Throws: `DatapathError` when the graph cannot be made, or the stimulus is shorter than the network's memory.
  public init(
    of network: FixedNetwork, stimulus: ActivityStimulus,
    clockHz: Double = HardwareEstimate.defaultClockHz,
    energies: EnergyCoefficients = .ultraScalePlus
  ) throws {
    // The result is verified once, when it is pipelined, and not after each pass: half the time.
    let pipeline = try PassPipeline.standard.passes
      .reduce(network.lowered()) { try $1($0) }.pipelined()
    try self.init(
      of: pipeline, on: stimulus.words(for: network, memory: pipeline.datapath.memory),
      clockHz: clockHz, energies: energies)
  }
}

extension Metrics {
  /// The figures of shape and of hardware of a network in integers; those of accuracy, and the sparsity that was asked for, are
  /// left to the caller.
  ///
  /// ``Metric/nnz`` counts the integer weights that are not 0: a small weight without a quantizer can become 0 in its
  /// word.
  ///
  /// - Parameter clockHz: what ``Metric/power`` is for; every clock brings a sample.
  /// - Throws: `DatapathError` when the network cannot be compiled, or the stimulus is shorter than its memory.
  public init(
    of network: FixedNetwork, stimulus: ActivityStimulus,
    clockHz: Double = HardwareEstimate.defaultClockHz
  ) throws {
    self.init(
      of: network,
      hardware: try HardwareEstimate(of: network, stimulus: stimulus, clockHz: clockHz))
  }

  /// The same of a model file's network.
  public init(
    of model: ModelFile, stimulus: ActivityStimulus,
    clockHz: Double = HardwareEstimate.defaultClockHz
  ) throws {
    try self.init(of: model.fixed, stimulus: stimulus, clockHz: clockHz)
  }

  /// The same from an estimate that was made before.
  public init(of network: FixedNetwork, hardware: HardwareEstimate) {
    self.init()
    let architecture = network.architecture
    self[.nnz] = Double(network.nonZeroCount)
    self[.weights] = Double(architecture.weightCount)
    self[.channels] = Double(architecture.hiddenChannels.max() ?? 0)
    self[.convolutions] = Double(architecture.convolutions)
    self[.kernelSize] = Double(architecture.kernelSize)
    self[.multiplications] = Double(network.multiplicationCount + hardware.signalProducts)
    self[.adders] = Double(hardware.adders)
    self[.adderBits] = Double(hardware.adderBits)
    self[.registerBits] = Double(hardware.registerBits)
    self[.tableBits] = Double(hardware.tableBits)
    self[.lut] = Double(hardware.lut)
    self[.latency] = Double(hardware.latency)
    self[.power] = hardware.power
  }
}

extension FixedNetwork {
  /// Weights that are neither 0 nor a power of two with a sign: those that a design without shift-add logic multiplies by.
  fileprivate var multiplicationCount: Int {
    (layers.map(\.taps) + (branch.map { [$0.taps] } ?? []))
      .reduce(0) { $0 + $1.count { $0.magnitude.nonzeroBitCount > 1 } }
  }
}
