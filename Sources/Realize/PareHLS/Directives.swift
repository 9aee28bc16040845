/// What an HLS tool is told about speed and area, beside the code itself.
///
/// A value of defaults tells nothing at all; ``DirectivePreset`` has the usual choices.
public struct Directives: Hashable, Sendable, Codable {
  /// `UNROLL` of the loops over taps and channels.
  public enum Unroll: Hashable, Sendable, Codable {
    case none
    case full
    case factor(Int)
  }

  /// `ARRAY_PARTITION` of delay lines and sums.
  public enum Partition: Hashable, Sendable, Codable {
    case none
    case complete
    case cyclic(Int)
    case block(Int)
  }

  /// `BIND_OP` of the multiplications.
  public struct Binding: Hashable, Sendable, Codable {
    public enum Implementation: String, Hashable, Sendable, Codable, CaseIterable {
      case dsp
      case fabric
    }

    public var implementation: Implementation
    /// Registers in the multiplier; the tool chooses when nil.
    public var latency: Int?

    public init(_ implementation: Implementation, latency: Int? = nil) {
      self.implementation = implementation
      self.latency = latency
    }
  }

  /// `INTERFACE` of the top function.
  public enum Interface: String, Hashable, Sendable, Codable, CaseIterable {
    /// AXI4-Stream ports and no start or done signals: the design runs freely.
    case axiStream
    /// FIFO ports, started and watched by handshake signals; what the tool does by itself.
    case fifo
  }

  /// `PIPELINE II` of the top function: clocks from one sample to the next. It unrolls all loops below.
  public var pipelineInterval: Int?
  /// `PIPELINE II` of the loops over taps, where the top function is no pipeline.
  public var loopInterval: Int?
  public var unroll: Unroll
  public var partition: Partition
  public var multipliers: Binding?
  /// Nothing is told when nil, which gives the same ports as `fifo`.
  public var interface: Interface?
  /// `DATAFLOW`: the layers work at the same time, each on a sample of its own.
  public var isDataflow: Bool
  /// Multiplications that share one multiplier in each layer, as hls4ml means it; an upper bound of a layer's multipliers.
  public var reuseFactor: Int?

  public init(
    pipelineInterval: Int? = nil, loopInterval: Int? = nil, unroll: Unroll = .none,
    partition: Partition = .none, multipliers: Binding? = nil, interface: Interface? = nil,
    isDataflow: Bool = false, reuseFactor: Int? = nil
  ) {
    self.pipelineInterval = pipelineInterval
    self.loopInterval = loopInterval
    self.unroll = unroll
    self.partition = partition
    self.multipliers = multipliers
    self.interface = interface
    self.isDataflow = isDataflow
    self.reuseFactor = reuseFactor
  }

  /// - Throws: ``HLSError`` for a number that is not positive, or directives that exclude each other.
  func check() throws(HLSError) {
    func demand(_ condition: Bool, _ reason: String, _ hint: String) throws(HLSError) {
      if !condition { throw HLSError(.directive(reason), reason, hint: hint) }
    }
    var numbers: [(String, Int)] = []
    if let pipelineInterval { numbers.append(("the interval of the pipeline", pipelineInterval)) }
    if let loopInterval { numbers.append(("the interval of the loops", loopInterval)) }
    if let reuseFactor { numbers.append(("the reuse factor", reuseFactor)) }
    if case .factor(let factor) = unroll { numbers.append(("the factor of UNROLL", factor)) }
    switch partition {
    case .none, .complete: break
    case .cyclic(let factor), .block(let factor):
      numbers.append(("the factor of ARRAY_PARTITION", factor))
    }
    for (name, number) in numbers {
      try demand((1...65_536).contains(number), "\(name) is \(number)", "give 1 to 65536")
    }
    if let latency = multipliers?.latency {
      try demand(
        (0...100).contains(latency), "the latency of BIND_OP is \(latency)", "give 0 to 100")
    }
    try demand(
      !isDataflow || pipelineInterval == nil, "DATAFLOW and PIPELINE of the same function",
      "pipeline the loops (loopInterval) when the layers are a data flow")
  }
}
