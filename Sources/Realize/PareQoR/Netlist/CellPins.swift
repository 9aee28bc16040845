import PareTools

/// The pins and parameters of one cell, with nets as slots.
struct CellPins {
  let name: String
  let cell: Netlist.Cell
  /// The slot of a net.
  let slot: (Int) -> Int32
  /// The net that all registers are clocked by.
  let clock: Int32

  func unsupported(_ what: String) -> NetlistError {
    NetlistError(.unsupported(cell: name, what: what))
  }

  /// The bits of an input port; a port that is left open has zeros.
  func bus(_ port: String, width: Int) -> [Int32] {
    let bits = (cell.connections[port] ?? []).map(bit)
    return (0..<width).map { $0 < bits.count ? bits[$0] : FixedSlot.zero }
  }

  func input(_ port: String) -> Int32 { bus(port, width: 1)[0] }

  /// Bits of constants are 0 unless they are 1: a circuit must not depend on those that are undefined.
  private func bit(_ bit: Netlist.Bit) -> Int32 {
    switch bit {
    case .net(let net): slot(net)
    case .constant(let value): value == "1" ? FixedSlot.one : FixedSlot.zero
    }
  }

  /// The nets of an output port; nil where a bit is open.
  func outputs(_ port: String) -> [Int32?] {
    (cell.connections[port] ?? []).map { bit in
      if case .net(let net) = bit { slot(net) } else { nil }
    }
  }

  func output(_ port: String) -> Int32? { outputs(port).first ?? nil }

  func has(_ port: String) -> Bool { !(cell.connections[port] ?? []).isEmpty }

  func checkClock(_ port: String) throws(NetlistError) {
    guard input(port) == clock else { throw unsupported("a clock other than the module's") }
  }

  // MARK: - Parameters

  func text(_ parameter: String, default value: String) -> String {
    (cell.parameters[parameter] ?? value).trimmed
  }

  /// A word parameter; undefined bits are 0.
  func word(_ parameter: String, default value: UInt64 = 0) throws(NetlistError) -> UInt64 {
    guard let text = cell.parameters[parameter] else { return value }
    var word: UInt64 = 0
    for (index, digit) in text.utf8.reversed().enumerated() where digit == UInt8(ascii: "1") {
      guard index < 64 else { throw unsupported("\(parameter) = \(text)") }
      word |= 1 << UInt64(index)
    }
    return word
  }

  func isSet(_ parameter: String) throws(NetlistError) -> Bool { try word(parameter) != 0 }

  /// A bit of a start value; nil when it is undefined.
  func initial(_ parameter: String, _ bit: Int = 0) -> Bool? {
    guard let text = cell.parameters[parameter] else { return nil }
    let digits = Array(text.utf8.reversed())
    guard bit < digits.count else { return false }
    return switch digits[bit] {
    case UInt8(ascii: "0"): false
    case UInt8(ascii: "1"): true
    default: nil
    }
  }

  /// Throws unless a parameter has one of the values that the model covers.
  func expect(_ parameter: String, _ values: String...) throws(NetlistError) {
    let value = text(parameter, default: values[0])
    guard values.contains(value) else { throw unsupported("\(parameter) = \(value)") }
  }
}

extension String {
  /// Yosys pads texts that look like words with a space.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
