import PareDatapath
import PareExplore
import PareFixed
import PareNetwork
import PareNumerics
import RandomNetworks
import Testing

@Suite struct HardwareMetricsTests {
  private func network(
    _ scheme: QuantizationScheme, hidden: [Int] = [4, 3], activation: Activation = .relu
  ) throws -> FixedNetwork {
    let architecture = try Architecture(
      hiddenChannels: hidden, kernelSize: 5, activation: activation, lookAhead: 2, hasSkip: true)
    var formats = FixedFormats.uniform(.paper, for: architecture)
    formats.tanhTableBits = 6
    return try sampleNetwork(seed: 4, architecture, scheme).fixed(to: formats)
  }

  private let stimulus = ActivityStimulus(noise(seed: 2, count: 400), sampleCount: 100)

  @Test func `figures of shape and hardware are those of the compiled design`() throws {
    let fixed = try network(QuantizationScheme(.apot(terms: 2, bits: 4)), activation: .tanh)
    let metrics = try Metrics(of: fixed, stimulus: stimulus)
    let pipeline = try fixed.lowered()
      .optimized(by: .solving(SolverOptions(family: .ultraScalePlus, effort: .fast)))
      .pipelined(PipelineOptions(family: .ultraScalePlus))
    let statistics = pipeline.datapath.statistics
    #expect(metrics[.adders] == Double(statistics.adderCount))
    #expect(metrics[.adderBits] == Double(statistics.adderBits))
    #expect(metrics[.tableBits] == Double(statistics.tableBits))
    #expect(metrics[.registerBits] == Double(pipeline.registerBits))
    #expect(metrics[.latency] == Double(pipeline.latency))
    #expect(metrics[.nnz] == Double(fixed.nonZeroCount))
    #expect(metrics[.weights] == Double(4 * 2 * 5 + 3 * 4 * 5 + 2 * 3 * 5))
    #expect(metrics[.channels] == 4)
    #expect(metrics[.convolutions] == 3)
    #expect(metrics[.kernelSize] == 5)
    #expect(metrics[.lut] == Double(pipeline.resources().cells.luts))
    #expect(metrics[.power]! > 0)
    for metric in [Metric.nmse, .testNMSE, .floatNMSE, .floatTestNMSE, .sparsity] {
      #expect(metrics[metric] == nil)
    }
  }

  @Test func `a power of two is no multiplication, a rounded weight is one`() throws {
    let shifts = try Metrics(of: network(QuantizationScheme(.pot(bits: 4))), stimulus: stimulus)
    #expect(shifts[.multiplications] == 0)
    let rounded = try Metrics(of: network(QuantizationScheme(.none)), stimulus: stimulus)
    #expect(rounded[.multiplications]! > 0)
    #expect(rounded[.multiplications]! <= rounded[.nnz]!)
    #expect(rounded[.power]! > shifts[.power]!)
    #expect(rounded[.lut]! > shifts[.lut]!)
  }

  @Test func `power follows the clock and the amplitude, area does not`() throws {
    let fixed = try network(QuantizationScheme(.pot(bits: 4)))
    let fast = try Metrics(of: fixed, stimulus: stimulus, clockHz: 4e8)
    let slow = try Metrics(of: fixed, stimulus: stimulus, clockHz: 2e8)
    #expect(fast[.power] == 2 * slow[.power]!)
    let quiet = ActivityStimulus(
      noise(seed: 2, count: 400, amplitude: 0.01), sampleCount: 100)
    let low = try Metrics(of: fixed, stimulus: quiet)
    #expect(low[.power]! < slow[.power]!)
    #expect(low[.lut] == slow[.lut])
  }

  @Test func `a stimulus shorter than the network's memory is refused`() throws {
    let fixed = try network(QuantizationScheme(.pot(bits: 4)))
    #expect(throws: DatapathError.self) {
      try Metrics(of: fixed, stimulus: ActivityStimulus(noise(seed: 2, count: 5)))
    }
  }
}
