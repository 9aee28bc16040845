public import PareNetwork

/// A network at one waveform: its output, and the derivative of every sample by every kept weight and every bias.
///
///     let tangent = NetworkTangent(of: network, at: signal.channels)
///     tangent.slopes[parameter][output][time]
///
/// Unknowns come layer by layer, weights before biases, pruned weights left out; tied weights are one.
public struct NetworkTangent: Sendable {
  /// - Shape: `[output][time]`; the bits of calling the network.
  public let output: [[Float]]
  /// 0 where an output depends on the zeros around the signal: within ``PareNetwork/Architecture/pastSamples`` of its start
  /// and ``PareNetwork/Architecture/futureSamples`` of its end.
  ///
  /// - Shape: `[parameter][output][time]`.
  public let slopes: [[[Float]]]

  /// - Parameter channels: `[channel][time]`, all of one length.
  /// - Throws: `CancellationError`.
  /// - Complexity: O(samples × parameters × the sensitivities that each reads); memory of samples × parameters × outputs.
  public init(of network: Network, at channels: [[Float]]) throws {
    let signal = TrainingSignal(channels, for: network.architecture)
    let engine = JacobianEngine(network, free: FreeParameters(allOf: network))
    let silence = [Float](repeating: 0, count: channels[0].count)
    var slopes = engine.parameters.map { _ in
      (0..<network.architecture.outputChannels).map { _ in silence }
    }
    for frame in signal.allFrames(ofLength: engine.blockLength) {
      try Task.checkCancellation()
      for (output, rows) in engine.jacobian(on: signal, frame).enumerated() {
        for (parameter, row) in rows.enumerated() {
          for time in row.indices { slopes[parameter][output][frame.start + time] = row[time] }
        }
      }
    }
    output = network(channels)
    self.slopes = slopes
  }
}
