import PareText

/// Compact JSON for a script element of a page: columns of numbers are written without a detour over strings.
struct JSONBytes {
  private(set) var bytes: [UInt8] = []

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A string in quotes. `<` is escaped, so that no text can end the script element around it or open a comment.
  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": raw("\\\"")
      case "\\": raw("\\\\")
      case "\u{0}"..."\u{1F}", "<", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default:
        if scalar.isASCII {
          bytes.append(UInt8(scalar.value))
        } else {
          bytes.append(contentsOf: String(scalar).utf8)
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A number with at most so many decimals, zeros at the end left away; `null` for one that is absent or not finite.
  mutating func number(_ value: Double?, decimals: Int) {
    guard let value, value.isFinite else { return raw("null") }
    var scale: UInt64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded(.toNearestOrEven)
    guard scaled < 9e15 else { return raw("\(value)") }
    let units = UInt64(scaled)
    if value < 0, units > 0 { bytes.append(UInt8(ascii: "-")) }
    whole(units / scale)
    var rest = units % scale
    guard rest > 0 else { return }
    var digits = decimals
    while rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    bytes.append(UInt8(ascii: "."))
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits))
    for place in (start..<bytes.count).reversed() {
      bytes[place] += UInt8(rest % 10)
      rest /= 10
    }
  }

  private mutating func whole(_ value: UInt64) {
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  mutating func list<Items: Sequence>(
    _ items: Items, _ write: (inout JSONBytes, Items.Element) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for item in items {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      write(&self, item)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
