import PareText

/// A number with a prefix of the SI, such as `12.3 mW`: four digits at most, and what a phone has room for.
struct EngineeringNumber {
  let value: Double

  init(_ value: Double) { self.value = value }

  private static let prefixes: [(Double, String)] = [
    (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "\u{B5}"), (1e-9, "n"),
    (1e-12, "p"), (1e-15, "f"),
  ]

  private var scaled: (value: Double, prefix: String) {
    guard value != 0, value.isFinite else { return (value, "") }
    // What rounds to 1000 takes the next prefix.
    let (factor, prefix) =
      Self.prefixes.first { abs(value) >= 0.9995 * $0.0 } ?? Self.prefixes[Self.prefixes.count - 1]
    return (value / factor, prefix)
  }

  /// `12.3 mW`, with three digits or more.
  func text(_ unit: String) -> String {
    let (number, prefix) = scaled
    let decimals = abs(number) >= 99.95 || number == 0 ? 0 : abs(number) >= 9.995 ? 1 : 2
    return number.fixed(decimals) + "\u{A0}" + prefix + unit
  }

  /// `10 m`, as a tick of an axis.
  var shortText: String {
    let (number, prefix) = scaled
    return number.fixed(number.rounded() == number ? 0 : 1) + (prefix.isEmpty ? "" : " " + prefix)
  }
}
