import PareNumerics

/// The places of a wire whose bits can differ: below them are zeros, above them copies of the sign, or zeros.
///
/// Synthesis gives no register and no table to the others.
struct WireSpan: Hashable {
  /// Lowest place that can be 1.
  var low: Int
  /// Highest place that is no copy of another; below `low` for a constant.
  var top: Int
  /// Whether the places above repeat the top, else they are 0.
  var isSigned: Bool

  /// Bits that can differ.
  var count: Int { max(0, top - low + 1) }

  init(low: Int, top: Int, isSigned: Bool) {
    self.low = low
    self.top = top
    self.isSigned = isSigned
  }

  init(_ range: IntegerRange, low: Int) {
    if range.isConstant {
      self.init(low: 0, top: -1, isSigned: false)
    } else {
      let isSigned = range.lower < 0
      self.init(low: low, top: range.signedBits - (isSigned ? 1 : 2), isSigned: isSigned)
    }
  }

  func shifted(by places: Int) -> WireSpan {
    WireSpan(low: low + places, top: top + places, isSigned: isSigned)
  }

  /// Whether the bit at a place varies.
  func varies(at place: Int) -> Bool { place >= low && (place <= top || isSigned) }
}

extension Datapath {
  var wireSpans: [WireSpan] {
    var spans: [WireSpan] = []
    spans.reserveCapacity(nodes.count)
    for node in nodes {
      let low: Int =
        switch node.op {
        case .input, .linear, .clamp, .lookup: 0
        case .constant(let value): min(value.trailingZeroBitCount, 62)
        case .delay(let wire, _), .relu(let wire): spans[Int(wire.index)].low
        case .add(let operands):
          operands.map { $0.shift + constantLow($0.wire, spans) }.min() ?? 0
        case .multiply(let a, let b): spans[Int(a.index)].low + spans[Int(b.index)].low
        case .requantize(let wire, _, _):
          max(
            0,
            spans[Int(wire.index)].low - self[wire].format.fractionBits
              + node.format.fractionBits)
        }
      spans.append(WireSpan(node.range, low: low))
    }
    return spans
  }

  private func constantLow(_ wire: Wire, _ spans: [WireSpan]) -> Int {
    if case .constant(let value) = self[wire].op { return min(value.trailingZeroBitCount, 62) }
    return spans[Int(wire.index)].low
  }
}
