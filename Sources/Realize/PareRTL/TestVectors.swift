/// What a testbench feeds to a design and what it expects back: the integer model's inputs and outputs.
public struct TestVectors: Hashable, Sendable {
  /// Raw integers `[input][sample]`.
  public let inputs: [[Int64]]
  /// Raw integers `[output][sample]`, from a model that is not the hardware.
  public let outputs: [[Int64]]
  /// Stretches that cover the samples in order; the design is reset before each.
  public let segments: [Range<Int>]

  public init(inputs: [[Int64]], outputs: [[Int64]], segments: [Range<Int>]? = nil) {
    self.inputs = inputs
    self.outputs = outputs
    self.segments = segments ?? [0..<(inputs.first?.count ?? 0)]
  }

  public var count: Int { inputs.first?.count ?? 0 }

  /// These vectors with more segments behind them.
  ///
  /// - Precondition: as many inputs and outputs.
  public func appending(_ other: TestVectors) -> TestVectors {
    precondition(
      inputs.count == other.inputs.count && outputs.count == other.outputs.count,
      "\(inputs.count) and \(other.inputs.count) inputs, \(outputs.count) and "
        + "\(other.outputs.count) outputs")
    let start = count
    return TestVectors(
      inputs: zip(inputs, other.inputs).map { $0 + $1 },
      outputs: zip(outputs, other.outputs).map { $0 + $1 },
      segments: segments
        + other.segments.map { ($0.lowerBound + start)..<($0.upperBound + start) })
  }
}
