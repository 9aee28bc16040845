import PareDatapath
import PareNumerics

/// A VHDL type that the generator declares signals of.
enum VHDLType: Hashable {
  case bit
  case signed(Int)
  case unsigned(Int)
  case vector(Int)

  var text: String {
    switch self {
    case .bit: "std_logic"
    case .signed(let bits): "signed(\(bits - 1) downto 0)"
    case .unsigned(let bits): "unsigned(\(bits - 1) downto 0)"
    case .vector(let bits): "std_logic_vector(\(bits - 1) downto 0)"
    }
  }

  var zero: String { self == .bit ? "'0'" : "(others => '0')" }
}

/// A signal of type `signed`, and its bits.
struct VHDLWord {
  let name: String
  let bits: Int

  var top: Int { bits - 1 }
  var sign: String { "\(name)(\(top))" }

  /// The word sign-extended or cut to as many bits; `resize` alone would keep the sign of a word that is cut.
  func fitted(to bits: Int) -> String {
    if bits == self.bits { return name }
    return bits > self.bits ? "resize(\(name), \(bits))" : slice(bits - 1, 0)
  }

  func slice(_ high: Int, _ low: Int) -> String {
    high == top && low == 0 ? name : "\(name)(\(high) downto \(low))"
  }

  /// The low bits of the word moved by `shift` places, to the right when it is positive: `floor(word / 2^shift)`, or the
  /// product `word * 2^-shift`, modulo 2^bits.
  func shifted(right shift: Int, to bits: Int) -> String {
    if shift == 0 { return fitted(to: bits) }
    if shift < 0 { return "shift_left(\(fitted(to: bits)), \(-shift))" }
    let low = min(shift, top)
    return self.bits - low >= bits
      ? slice(low + bits - 1, low) : "resize(\(slice(top, low)), \(bits))"
  }
}

/// A signed literal of as many bits, modulo 2^bits.
func vhdlLiteral(_ value: Int64, bits: Int) -> String {
  let unused = Int64(64 - bits)
  let word = bits >= 64 ? value : (value << unused) >> unused
  // An integer has 32 bits, and the most negative one is no literal.
  if word > -(1 << 31), word < 1 << 31 { return "to_signed(\(word), \(bits))" }
  let text = (0..<bits).reversed().map { (word >> Int64($0)) & 1 == 1 ? "1" : "0" }.joined()
  return "signed'(\"\(text)\")"
}

/// A signed literal of just the bits that it needs.
func vhdlLiteral(_ value: Int64) -> String {
  vhdlLiteral(value, bits: IntegerRange(min(value, 0), max(value, 0)).signedBits)
}
