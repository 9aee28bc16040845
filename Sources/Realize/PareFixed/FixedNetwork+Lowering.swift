public import PareDatapath
import PareNetwork
import PareNumerics

extension FixedNetwork {
  /// The network as a streaming dataflow graph: one `linear` node per output channel of each layer, then its activation
  /// and requantization.
  ///
  /// Inputs are named `x0`, `x1`, ..., outputs `y0`, `y1`, ...; labels say layer and channel (`l0c2`). Zero taps vanish. The skip is
  /// one more term of the last layer's sum, delayed by the look-ahead.
  ///
  /// - Returns: a graph whose interpreter gives the bits of ``run(_:segments:)``.
  /// - Throws: `DatapathError` when a sum may not fit 63 bits; the checks of ``FixedNetwork`` exclude it.
  public func lowered() throws -> Datapath {
    var builder = DatapathBuilder()
    let inputs = (0..<architecture.inputChannels).map {
      builder.input("x\($0)", inputFormat, label: "x\($0)")
    }
    var signal = inputs
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      signal = try (0..<layer.shape.outputChannels).map { output in
        var terms = layer.terms(output: output, signal: signal)
        if isLast, architecture.hasSkip {
          let shift = layer.accumulatorFractionBits - inputFormat.fractionBits
          terms.append(
            LinearTerm(Int64(1) << Int64(shift), inputs[output], delay: architecture.lookAhead))
        }
        return try layer.lower(
          terms, bias: layer.biases[output], label: "l\(index)c\(output)", into: &builder)
      }
    }
    for (channel, wire) in signal.enumerated() { builder.output("y\(channel)", wire) }
    return try builder.finish(lookAhead: architecture.lookAhead)
  }
}

extension FixedLayer {
  /// The products of one output channel that are not zero.
  fileprivate func terms(output: Int, signal: [Wire]) -> [LinearTerm] {
    (0..<shape.inputChannels).flatMap { input in
      (0..<shape.kernelSize).compactMap { tap -> LinearTerm? in
        let coefficient = taps[shape.index(output: output, input: input, tap: tap)]
        return coefficient == 0 ? nil : LinearTerm(coefficient, signal[input], delay: tap)
      }
    }
  }

  fileprivate func lower(
    _ terms: [LinearTerm], bias: Int64, label: String, into builder: inout DatapathBuilder
  ) throws -> Wire {
    let sum = try builder.linear(
      terms, bias: bias, fractionBits: accumulatorFractionBits, label: label)
    switch activation {
    case .lookup(let table):
      return try builder.lookup(
        sum, shift: table.shift, table: table.values, format: result.format, label: label)
    case .identity, .relu:
      let active = activation == .relu ? try builder.relu(sum, label: label) : sum
      return try builder.requantize(
        active, to: result.format, rounding: result.rounding, overflow: result.overflow,
        label: label)
    }
  }
}
