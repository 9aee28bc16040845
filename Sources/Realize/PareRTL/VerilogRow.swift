import PareDatapath
import PareNumerics

/// One sum of three operands as an instance of `pare_row3`, with no more bits in the row than must be added.
///
/// Below the second lowest operand there is only the lowest one: when that is positive its bits are results already, so
/// that the row starts above them.
struct VerilogRow {
  /// Lines of Verilog, wires and the instance.
  let lines: [String]
  /// The sum, as a signed expression.
  let value: String

  /// What an operand of the row reads.
  struct Term {
    /// A signed signal, when the value is no constant.
    let signal: String
    /// The value with its sign and shift, of a constant.
    let constant: Int64?
    let shift: Int
    let isNegated: Bool
    /// Places of the shifted operand that are known to be 0.
    let zeros: Int
  }

  /// - Parameters:
  ///   - terms: three, of which at most two are negated.
  ///   - bits: of the result.
  init(_ terms: [Term], bits: Int, name: String) {
    let sorted = terms.sorted { $0.zeros < $1.zeros }
    precondition(
      terms.count == 3 && terms.contains { !$0.isNegated }, "\(name) is no sum that fits one row")
    // The row has one bit at least.
    let base = min(sorted[0].isNegated ? sorted[0].zeros : sorted[1].zeros, bits - 1)
    var lines: [String] = []
    let row = DerivedSignal.row.named(after: name)
    let high = DerivedSignal.high.named(after: name)
    let words: [DerivedSignal] = [.first, .second, .third]
    for (term, word) in zip(sorted, words) {
      let text =
        term.constant.map { literal($0 >> Int64(base)) }
        ?? (term.shift >= base
          ? Self.moved(term.signal, "<<<", term.shift - base)
          : Self.moved(term.signal, ">>>", base - term.shift))
      lines.append("wire signed [\(bits - base - 1):0] \(word.named(after: name)) = \(text);")
    }
    lines.append("wire signed [\(bits - base - 1):0] \(high);")
    let flags = zip(sorted, ["NA", "NB", "NC"]).filter { $0.0.isNegated }.map { ", .\($0.1)(1)" }
    let ports = zip(["a", "b", "c"], words).map { ".\($0)(\($1.named(after: name)))" }
    lines.append("pare_row3 #(.W(\(bits - base))\(flags.joined())) \(row) (")
    lines.append("  \(ports.joined(separator: ", ")), .y(\(high))")
    lines.append(");")
    if base > 0 {
      let low = DerivedSignal.low.named(after: name)
      let text =
        sorted[0].constant.map { literal($0 & ((1 << Int64(base)) - 1)) }
        ?? Self.moved(sorted[0].signal, "<<<", sorted[0].shift)
      lines.append("wire [\(base - 1):0] \(low) = \(text);")
      value = "$signed({\(high), \(low)})"
    } else {
      value = high
    }
    self.lines = lines
  }

  private static func moved(_ signal: String, _ direction: String, _ places: Int) -> String {
    places == 0 ? signal : "\(signal) \(direction) \(places)"
  }
}
