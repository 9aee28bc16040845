import PareTools

/// Who drives each net and what it loads: which toggles a power model counts where.
///
/// Some connections never leave a slice: from carry to carry, from a LUT to the carry cell beside it (both outputs of a LUT6_2 whose
/// O6 is the sum input of the same bit), and from LUTs and multiplexers to the multiplexers of the slice.
struct NetWiring: Hashable, Sendable {
  enum Driver: UInt8, Hashable, Sendable {
    case none
    case input
    case lut
    case carrySum
    case carry
    case register
    case dsp
    case other
  }

  /// In the order of nets.
  private(set) var drivers: [Driver]
  /// Loads that need wires of the fabric; an output port is one.
  private(set) var routedLoads: [Int]
  /// Loads of any kind.
  private(set) var loads: [Int]

  init(_ netlist: Netlist, slots: [Int: Int32], nets: Range<Int32>, clock: Int32) {
    drivers = Array(repeating: .none, count: nets.count)
    routedLoads = Array(repeating: 0, count: nets.count)
    loads = routedLoads
    func place(_ bit: Netlist.Bit) -> Int? {
      bit.number.map { Int(slots[$0]! - nets.lowerBound) }
    }
    // Both outputs of a LUT of two, by its output to the sum.
    var pairs: [Int: Int] = [:]
    for (_, cell) in netlist.cells {
      guard let kind = CellLibrary.kind(of: cell.type) else { continue }
      for (port, bits) in cell.connections where Self.isOutput(port, of: cell.type) {
        let driver: Driver =
          switch kind {
          case .lut: .lut
          case .carry: port == "O" || port.hasPrefix("S") ? .carrySum : .carry
          case .mux: .other
          case .flipFlop, .shiftRegister: .register
          case .dsp: .dsp
          }
        for bit in bits { if let net = place(bit) { drivers[net] = driver } }
      }
      if cell.type == "LUT6_2", let low = cell.connections["O5"]?.first.flatMap(place),
        let high = cell.connections["O6"]?.first.flatMap(place)
      {
        pairs[high] = low
      }
    }
    for (_, port) in netlist.ports where port.direction == "input" {
      for bit in port.bits { if let net = place(bit) { drivers[net] = .input } }
    }
    // A LUT stands beside one carry cell only; what else it feeds is routed.
    var placed = Set<Int>()
    for (_, cell) in netlist.cells {
      guard let kind = CellLibrary.kind(of: cell.type) else { continue }
      let sums = cell.connections["S"] ?? []
      for (port, bits) in cell.connections.sorted(by: { $0.key < $1.key })
      where !Self.isOutput(port, of: cell.type) {
        for (index, bit) in bits.enumerated() {
          guard let net = place(bit), slots[bit.number!] != clock else { continue }
          loads[net] += 1
          let isLocal =
            switch (kind, port) {
            case (.carry, "CI"), (.carry, "CIN"): drivers[net] == .carry
            case (.carry, "S"): drivers[net] == .lut && placed.insert(net).inserted
            case (.carry, "DI"):
              index < sums.count && place(sums[index]).flatMap { pairs[$0] } == net
            case (.mux, _):
              (drivers[net] == .lut || drivers[net] == .other) && port != "S" && port != "C0"
                && port != "SD"
            default: false
            }
          if !isLocal { routedLoads[net] += 1 }
        }
      }
    }
    for (_, port) in netlist.ports where port.direction == "output" {
      for bit in port.bits {
        guard let net = place(bit) else { continue }
        loads[net] += 1
        routedLoads[net] += 1
      }
    }
  }

  private static func isOutput(_ port: String, of type: String) -> Bool {
    switch type {
    case "CARRY4", "CARRY8": port == "O" || port == "CO"
    case "CCU2C": port == "S0" || port == "S1" || port == "COUT"
    case "DSP48E1", "DSP48E2": ["P", "PCOUT", "ACOUT", "BCOUT"].contains(port)
    case "MULT18X18D": port.hasPrefix("P")
    case "LUT6_2": port == "O5" || port == "O6"
    case "SRLC32E": port == "Q" || port == "Q31"
    default: port == "O" || port == "Q" || port == "Z"
    }
  }
}
