import PareNumerics
import PareTools

@testable import PareQoR

/// Builds netlists by hand: words of nets, and cells between them.
struct Circuit {
  private var next = 3
  private(set) var cells: [String: Netlist.Cell] = [:]
  private var ports = ["clk": Netlist.Port(direction: "input", bits: [.net(2)])]

  static let clock = [Netlist.Bit.net(2)]

  mutating func word(_ width: Int) -> [Netlist.Bit] {
    defer { next += width }
    return (0..<width).map { .net(next + $0) }
  }

  mutating func input(_ name: String, _ width: Int = 1) -> [Netlist.Bit] {
    let bits = word(width)
    ports[name] = Netlist.Port(direction: "input", bits: bits)
    return bits
  }

  mutating func output(_ name: String, _ bits: [Netlist.Bit]) {
    ports[name] = Netlist.Port(direction: "output", bits: bits)
  }

  mutating func cell(
    _ type: String, _ connections: [String: [Netlist.Bit]], _ parameters: [String: String] = [:],
    named name: String? = nil
  ) {
    cells[name ?? "cell\(cells.count)"] = Netlist.Cell(
      type: type, connections: connections, parameters: parameters)
  }

  var netlist: Netlist { Netlist(name: "circuit", cells: cells, ports: ports) }

  func simulator(_ mode: NetlistSimulator.Mode = .plain) throws -> NetlistSimulator {
    NetlistSimulator(try GateNetlist(netlist), mode: mode)
  }

  /// The circuit as Verilog with instances of its cells.
  var verilog: String { PareQoRTests.verilog(of: netlist) }
}

/// A netlist as Verilog with instances of its cells; nets and cells are numbered.
func verilog(of netlist: Netlist) -> String {
  func text(_ bits: [Netlist.Bit]) -> String {
    let parts = bits.reversed().map { bit in
      switch bit {
      case .net(let number): "n\(number)"
      case .constant(let value): "1'b\(value)"
      }
    }
    return "{\(parts.joined(separator: ", "))}"
  }
  let sorted = netlist.ports.sorted { $0.key < $1.key }
  let bits =
    sorted.flatMap(\.value.bits) + netlist.cells.flatMap { $0.cell.connections.values.joined() }
  let numbers = Set(bits.compactMap(\.number)).sorted()
  var lines = ["module \(netlist.name)(\(sorted.map(\.key).joined(separator: ", ")));"]
  for number in numbers { lines.append("  wire n\(number);") }
  for (name, port) in sorted {
    lines.append("  \(port.direction) [\(port.bits.count - 1):0] \(name);")
    lines.append(
      port.direction == "input"
        ? "  assign \(text(port.bits)) = \(name);" : "  assign \(name) = \(text(port.bits));")
  }
  for (index, (_, cell)) in netlist.cells.enumerated() where cell.type != "$scopeinfo" {
    let parameters = cell.parameters.sorted { $0.key < $1.key }.map { key, value in
      let isWord = value.allSatisfy { "01x".contains($0) }
      return ".\(key)(\(isWord ? "\(value.count)'b\(value)" : "\"\(value)\""))"
    }
    let pins = cell.connections.sorted { $0.key < $1.key }.map { ".\($0.key)(\(text($0.value)))" }
    lines.append(
      "  \(cell.type) #(\(parameters.joined(separator: ", "))) cell\(index) (\(pins.joined(separator: ", ")));"
    )
  }
  return lines.joined(separator: "\n") + "\nendmodule\n"
}

/// A parameter of so many bits, as Yosys writes it.
func word(_ value: UInt64, _ width: Int) -> String {
  String((0..<width).reversed().map { value >> UInt64($0) & 1 == 1 ? "1" : "0" })
}

extension RandomStream {
  /// A signed number of so many bits.
  mutating func signed(_ bits: Int) -> Int64 { Int64(bitPattern: next()) >> Int64(64 - bits) }
}
