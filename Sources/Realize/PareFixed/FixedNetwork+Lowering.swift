public import PareDatapath
import PareNetwork
import PareNumerics

extension FixedNetwork {
  /// The network as a streaming dataflow graph: products for the features, one `linear` node per output channel of each
  /// layer, then its activation and requantization.
  ///
  /// Inputs are named `x0`, `x1`, ..., outputs `y0`, `y1`, ...; labels say layer and channel (`l0c2`). Zero taps vanish. Branch and
  /// skip are more terms of the last layer's sum, delayed as the look-aheads demand.
  ///
  /// - Returns: a graph whose interpreter gives the bits of ``run(_:segments:)``.
  /// - Throws: `DatapathError` when a sum may not fit 63 bits; the checks of ``FixedNetwork`` exclude it.
  public func lowered() throws -> Datapath {
    var builder = DatapathBuilder()
    let inputs = (0..<architecture.inputChannels).map {
      builder.input("x\($0)", inputFormat, label: "x\($0)")
    }
    // A stack that sees less of the future than the branch must wait. Where it may, it waits at the signal, whose delay
    // lines branch and skip have anyway; a hidden channel that is not 0 by itself before the first sample forbids it.
    let waitsAtSignal = layers.dropLast().allSatisfy(\.isQuiet)
    let last = layers.count - 1
    var signal = try lowerFeatures(of: inputs, lag: waitsAtSignal ? stackLag : 0, into: &builder)
    for (index, layer) in layers.enumerated() {
      signal = try (0..<layer.shape.outputChannels).map { output in
        var terms = layer.shape.terms(
          layer.taps, output: output, signal: signal,
          lag: index == last && !waitsAtSignal ? stackLag : 0)
        if index == last {
          if let branch {
            terms += branch.shape.terms(
              branch.taps, output: output, signal: inputs, lag: branchLag)
          }
          if architecture.hasSkip {
            terms.append(
              LinearTerm(skipTap, inputs[output], delay: architecture.futureSamples))
          }
        }
        return try layer.lower(
          terms, bias: layer.biases[output], label: "l\(index)c\(output)", into: &builder)
      }
    }
    for (channel, wire) in signal.enumerated() { builder.output("y\(channel)", wire) }
    return try builder.finish(lookAhead: architecture.futureSamples)
  }
}

extension LayerShape {
  /// The products of one output channel that are not zero, the newest tap `lag` samples ago.
  fileprivate func terms(
    _ taps: [Int64], output: Int, signal: [Wire], lag: Int
  ) -> [LinearTerm] {
    (0..<inputChannels).flatMap { input in
      (0..<kernelSize).compactMap { tap -> LinearTerm? in
        let coefficient = taps[index(output: output, input: input, tap: tap)]
        return coefficient == 0
          ? nil : LinearTerm(coefficient, signal[input], delay: lag + tap * dilation)
      }
    }
  }
}

extension FixedLayer {
  fileprivate func lower(
    _ terms: [LinearTerm], bias: Int64, label: String, into builder: inout DatapathBuilder
  ) throws -> Wire {
    let bits = accumulatorFractionBits
    let sum = try builder.linear(terms, bias: bias, fractionBits: bits, label: label)
    func requantized(_ wire: Wire) throws -> Wire {
      try builder.requantize(
        wire, to: result.format, rounding: result.rounding, overflow: result.overflow,
        label: label)
    }
    switch activation {
    case .lookup(let table):
      return try builder.lookup(
        sum, shift: table.shift, table: table.values, format: result.format, label: label)
    case .identity: return try requantized(sum)
    case .relu: return try requantized(try builder.relu(sum, label: label))
    case .leakyReLU(let shift):
      // One adder: of the two halves of the sum one is always 0.
      let positive = try builder.relu(sum, label: label)
      let negative = try builder.clamp(
        sum, lower: min(0, builder[sum].range.lower), upper: 0, label: label)
      return try requantized(
        try builder.linear(
          [LinearTerm(Int64(1) << Int64(shift), positive), LinearTerm(1, negative)],
          fractionBits: bits + shift, label: label))
    case .hardTanh:
      let fraction = result.format.fractionBits
      guard result.overflow == .saturate, (0...61).contains(fraction) else {
        let one = Int64(1) << Int64(bits)
        return try requantized(try builder.clamp(sum, lower: -one, upper: one, label: label))
      }
      // Rounding and saturation are monotonic and keep ±1, so the limit may follow them; then the rounding constant joins
      // the sum's bias, and nothing is left of a limit that the format has anyway.
      let one = Int64(1) << Int64(fraction)
      return try builder.clamp(requantized(sum), lower: -one, upper: one, label: label)
    }
  }
}
