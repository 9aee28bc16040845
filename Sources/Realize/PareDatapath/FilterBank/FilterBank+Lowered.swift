import PareNumerics

extension FilterBank {
  /// The filters as a graph: a linear node per output, and a requantization where a format is asked for.
  ///
  /// - Throws: ``FilterBankError`` naming the output whose sum may not fit 63 bits.
  public func lowered() throws -> Datapath {
    var builder = DatapathBuilder()
    let wires = inputs.map { builder.input($0.name, $0.format, label: $0.name) }
    for (index, output) in outputs.enumerated() {
      do {
        builder.output(output.name, try lowered(output, wires, &builder))
      } catch let error as DatapathError {
        guard case .rangeOverflow = error.code else { throw error }
        throw FilterBankError(
          path: "outputs[\(index)]", reason: "the sum of output \(output.name) may not fit 63 bits")
      }
    }
    return try builder.finish()
  }

  private func lowered(
    _ output: Output, _ wires: [Wire], _ builder: inout DatapathBuilder
  ) throws -> Wire {
    let terms = try output.taps.map { tap in
      let aligned = tap.coefficient.multipliedReportingOverflow(
        by: Int64(1) << Int64(alignment(of: tap.input)))
      // Digits of a coefficient reach one place above it.
      if aligned.overflow || aligned.partialValue.magnitude >= 1 << 62 {
        throw DatapathError(.rangeOverflow(node: builder.count, keyword: "linear"))
      }
      return LinearTerm(aligned.partialValue, wires[tap.input], delay: tap.delay)
    }
    let sum = try builder.linear(
      terms, bias: output.bias, fractionBits: fractionBits, label: "\(output.name)_sum")
    guard let requantizer = output.requantizer else { return sum }
    return try builder.requantize(
      sum, to: requantizer.format, rounding: requantizer.rounding,
      overflow: requantizer.overflow, label: "\(output.name)_word")
  }

  /// The outputs by plain sums, sample by sample: the model that graphs and hardware are held against.
  ///
  /// - Parameters:
  ///   - channels: raw integers `[input][sample]`, all of one length.
  ///   - segments: stretches that cover the samples in order; samples before a segment count as 0.
  /// - Returns: raw integers `[output][sample]`.
  /// - Precondition: the shapes fit, and no sum leaves 64 bits, which ``lowered()`` checks.
  public func run(_ channels: [[Int64]], segments: [Range<Int>]? = nil) -> [[Int64]] {
    precondition(channels.count == inputs.count, "\(channels.count) channels")
    let segments = segments ?? [0..<channels[0].count]
    return outputs.map { output in
      segments.flatMap { segment in
        segment.map { n in
          var sum = output.bias
          for tap in output.taps where n - tap.delay >= segment.lowerBound {
            let sample = channels[tap.input][n - tap.delay]
            sum += tap.coefficient * sample << Int64(alignment(of: tap.input))
          }
          return output.requantizer?(sum, fractionBits: fractionBits) ?? sum
        }
      }
    }
  }
}
