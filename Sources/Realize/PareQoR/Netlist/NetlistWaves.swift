public import PareTools
import PareText

/// Waves of the first clocks of a stream, as a value change dump for people who look at them.
public struct NetlistWaves: Sendable {
  /// Which nets are shown.
  public enum Depth: Hashable, Sendable {
    /// Ports, and words of the source that stand in registers.
    case registers
    /// All nets, those too that the synthesis tool named.
    case all
  }

  private let netlist: Netlist
  private let depth: Depth

  public init(_ netlist: Netlist, showing depth: Depth = .registers) {
    self.netlist = netlist
    self.depth = depth
  }

  /// Feeds a reset of two clocks and then the stream from its first sample on.
  ///
  /// - Parameters:
  ///   - stream: of which only the first segment is fed.
  ///   - clocks: to show after the reset.
  ///   - clockHz: for the time axis.
  /// - Returns: text of a VCD file (IEEE 1364-2005, section 18).
  /// - Throws: ``NetlistError`` when the netlist cannot be simulated or lacks a port.
  public func dump(
    _ stream: NetlistStream, clocks: Int, clockHz: Double
  ) throws -> String {
    let gates = try GateNetlist(netlist)
    for name in stream.inputs.map(\.port) + ["rst", "in_valid"] where gates.waiting[name] == nil {
      throw NetlistError(.noPort(name, module: gates.name))
    }
    var simulator = NetlistSimulator(gates)
    let words = shown(gates)
    let half = max(1, Int((0.5e12 / clockHz).rounded()))
    var out = SourceWriter()
    out.line("$timescale 1 ps $end")
    out.line("$scope module \(gates.name) $end")
    out.line("$var wire 1 \(Self.code(0)) \(gates.clock) $end")
    for (index, word) in words.enumerated() {
      let range = word.slots.count == 1 ? "" : " [\(word.slots.count - 1):0]"
      out.line("$var wire \(word.slots.count) \(Self.code(index + 1)) \(word.name)\(range) $end")
    }
    out.line("$upscope $end")
    out.line("$enddefinitions $end")
    var last = Array(repeating: "", count: words.count)
    let segment = stream.segments.first ?? 0..<0
    for clock in 0..<(clocks + 2) {
      let isReset = clock < 2
      simulator.set("rst", to: isReset ? 1 : 0)
      simulator.set("in_valid", to: 1)
      let sample = segment.lowerBound + clock - 2
      for input in stream.inputs {
        simulator.set(input.port, to: segment.contains(sample) ? input.words[sample] : 0)
      }
      simulator.settle()
      out.line("#\(clock * 2 * half)")
      out.line("0\(Self.code(0))")
      for (index, word) in words.enumerated() {
        let bits = String(word.slots.reversed().map { simulator.bit($0, lane: 0) ? "1" : "0" })
        if bits == last[index] { continue }
        last[index] = bits
        out.line(
          word.slots.count == 1
            ? "\(bits)\(Self.code(index + 1))" : "b\(bits) \(Self.code(index + 1))")
      }
      out.line("#\((clock * 2 + 1) * half)")
      out.line("1\(Self.code(0))")
      simulator.edge()
    }
    return out.finish()
  }

  /// Words in the order of their names, ports first.
  private func shown(_ gates: GateNetlist) -> [(name: String, slots: [Int32])] {
    let numbers = Dictionary(
      uniqueKeysWithValues: gates.netNumbers.enumerated().map {
        ($1, gates.nets.lowerBound + Int32($0))
      })
    func slots(_ bits: [Netlist.Bit]) -> [Int32]? {
      let found = bits.map { bit in
        switch bit {
        case .net(let number): numbers[number]
        case .constant(let value): value == "1" ? FixedSlot.one : FixedSlot.zero
        }
      }
      return found.contains(nil) ? nil : found.compactMap(\.self)
    }
    let registers = Set(gates.registers.map(\.slot))
    var words: [(name: String, slots: [Int32])] = []
    for (name, port) in netlist.ports.sorted(by: { $0.key < $1.key }) where name != gates.clock {
      if let slots = slots(port.bits) { words.append((name, slots)) }
    }
    for (name, entry) in netlist.names.sorted(by: { $0.key < $1.key })
    where netlist.ports[name] == nil {
      guard let slots = slots(entry.bits) else { continue }
      let isShown =
        switch depth {
        case .all: true
        case .registers:
          !entry.isHidden && slots.contains { registers.contains($0) }
            && slots.allSatisfy { registers.contains($0) || $0 < FixedSlot.count }
        }
      if isShown { words.append((name, slots)) }
    }
    return words
  }

  /// Short printable names: numbers to the base of 94.
  static func code(_ index: Int) -> String {
    var rest = index
    var text = ""
    repeat {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
      rest /= 94
    } while rest > 0
    return text
  }
}
