import CPareKernels
public import PareTools

/// A netlist as a program: what its cells compute, in an order in which each net is made before it is read.
///
///     let gates = try GateNetlist(Netlist(module: "dpd", contentsOf: "netlist.json"))
///     var simulator = NetlistSimulator(gates)
///
/// One clock, on whose rising edge all registers change; resets may be asynchronous. Values are 0 and 1: bits that a netlist leaves
/// undefined are 0 on inputs, and registers without a start value start from noise, so that a missing reset shows.
public struct GateNetlist: Sendable {
  /// A cell with an output, for activity and power.
  struct Cell: Sendable {
    let name: String
    let type: String
    let kind: CellKind
  }

  public let name: String
  /// Ports with their nets, the lowest bit first; a constant bit is slot 0 or 1.
  private(set) var ports: [String: (isInput: Bool, slots: [Int32])] = [:]
  public let clock: String
  let cells: [Cell]
  /// Slots of the netlist's nets: these, and no others, are numbered by ``netNumbers``.
  let nets: Range<Int32>
  /// The number that the file gives to each net, in the order of slots.
  public let netNumbers: [Int]
  /// What loads each net has, in the order of slots.
  let wiring: NetWiring
  let nodes: [CellLogic.Node]
  /// Units of delay after the edge in which a node can change first and last, in the order of nodes.
  let windows: [ClosedRange<Int>]
  let registers: [CellLogic.Register]
  /// Slots with a value between clocks; those behind are for a moment.
  let slotCount: Int
  /// Slots in which inputs wait for the clock, by port.
  let waiting: [String: [Int32]]

  /// - Parameter clock: the port whose rising edge moves the registers; it has no value of its own.
  /// - Throws: ``NetlistError`` that names a cell without a model, a loop, or a net without one driver.
  public init(_ netlist: Netlist, clock: String = "clk") throws {
    name = netlist.name
    self.clock = clock
    // Nets in the order of their numbers, whatever the order of the file.
    var numbers = Set<Int>()
    for (_, port) in netlist.ports { numbers.formUnion(port.bits.compactMap(\.number)) }
    for (_, cell) in netlist.cells {
      for bits in cell.connections.values { numbers.formUnion(bits.compactMap(\.number)) }
    }
    let sorted = numbers.sorted()
    netNumbers = sorted
    let slots = Dictionary(
      uniqueKeysWithValues: sorted.enumerated().map { ($1, FixedSlot.count + Int32($0)) })
    let nets = FixedSlot.count..<(FixedSlot.count + Int32(sorted.count))
    self.nets = nets
    func slot(_ bit: Netlist.Bit) -> Int32 {
      switch bit {
      case .net(let number): slots[number]!
      case .constant(let value): value == "1" ? FixedSlot.one : FixedSlot.zero
      }
    }
    for (name, port) in netlist.ports {
      guard port.direction == "input" || port.direction == "output" else {
        throw NetlistError(.unsupported(cell: "port \(name)", what: "direction \(port.direction)"))
      }
      ports[name] = (port.direction == "input", port.bits.map(slot))
    }
    guard let clockSlot = ports[clock]?.slots.first, ports[clock]?.isInput == true else {
      throw NetlistError(.noPort(clock, module: netlist.name))
    }

    var next = nets.upperBound
    func newSlot() -> Int32 {
      defer { next += 1 }
      return next
    }
    var library = CellLibrary()
    var cells: [Cell] = []
    var nodes: [CellLogic.Node] = []
    var registers: [CellLogic.Register] = []
    for (name, cell) in netlist.cells {
      // What Yosys leaves of the hierarchy.
      if cell.type == "$scopeinfo" { continue }
      guard let kind = CellLibrary.kind(of: cell.type) else {
        throw NetlistError(.unknownCell(type: cell.type, name: name))
      }
      let pins = CellPins(name: name, cell: cell, slot: { slots[$0]! }, clock: clockSlot)
      var logic = CellLogic(cell: cells.count, newSlot: newSlot)
      try library.describe(pins, in: &logic)
      cells.append(Cell(name: name, type: cell.type, kind: kind))
      nodes += logic.nodes
      registers += logic.registers
    }
    var waiting: [String: [Int32]] = [:]
    for (name, port) in ports.sorted(by: { $0.key < $1.key }) where port.isInput && name != clock {
      waiting[name] = port.slots.map { _ in newSlot() }
    }
    slotCount = Int(next)
    self.cells = cells
    self.registers = registers
    self.waiting = waiting

    // One driver for each slot.
    var sources = Array(repeating: Driver.none, count: Int(next))
    func netName(_ slot: Int32) -> String {
      nets.contains(slot) ? "\(sorted[Int(slot - nets.lowerBound)])" : "within a cell"
    }
    func drive(_ slot: Int32, _ driver: Driver, _ cell: String) throws {
      guard sources[Int(slot)] == .none, slot >= FixedSlot.count else {
        throw NetlistError(.drivenTwice(net: netName(slot), cell: cell))
      }
      sources[Int(slot)] = driver
    }
    for (name, port) in ports.sorted(by: { $0.key < $1.key }) where port.isInput {
      for slot in port.slots { try drive(slot, .state, "input \(name)") }
    }
    for register in registers { try drive(register.slot, .state, "a register") }
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { try drive(output.slot, .node(index), cells[node.cell].name) }
    }
    func check(_ slot: Int32, _ reader: String) throws {
      guard slot < FixedSlot.count || sources[Int(slot)] != .none else {
        throw NetlistError(.undriven(net: netName(slot), cell: reader))
      }
    }
    for (name, port) in ports.sorted(by: { $0.key < $1.key }) {
      for slot in port.slots { try check(slot, "port \(name)") }
    }
    for register in registers {
      for slot in [register.next, register.enable, register.reset] { try check(slot, "a register") }
    }
    for node in nodes {
      for slot in node.support { try check(slot, cells[node.cell].name) }
    }
    let order = try Self.order(nodes, sources) { cells[nodes[$0].cell].name }
    self.nodes = order.map { nodes[$0] }
    windows = Self.windows(self.nodes, slotCount: Int(next))
    wiring = NetWiring(netlist, slots: slots, nets: nets, clock: clockSlot)
  }

  private enum Driver: Equatable {
    case none
    /// A register or an input: there from the edge on.
    case state
    case node(Int)
  }

  /// Nodes, each behind those that it reads; readers close to what they read.
  private static func order(
    _ nodes: [CellLogic.Node], _ sources: [Driver], _ owner: (Int) -> String
  ) throws -> [Int] {
    var order: [Int] = []
    var state = Array(repeating: UInt8(0), count: nodes.count)
    // Pairs of a node and whether its operands are done: depth first, without recursion.
    var stack: [(node: Int, isDone: Bool)] = []
    for start in nodes.indices where state[start] == 0 {
      stack.append((start, false))
      while let (index, isDone) = stack.popLast() {
        if isDone {
          state[index] = 2
          order.append(index)
          continue
        }
        if state[index] == 2 { continue }
        guard state[index] == 0 else {
          throw NetlistError(.loop(cell: owner(index)))
        }
        state[index] = 1
        stack.append((index, true))
        for slot in nodes[index].support {
          guard case .node(let source) = sources[Int(slot)], state[source] != 2 else { continue }
          guard state[source] == 0 else { throw NetlistError(.loop(cell: owner(source))) }
          stack.append((source, false))
        }
      }
    }
    return order
  }

  /// When each node can change, with one unit of delay for every node.
  private static func windows(
    _ nodes: [CellLogic.Node], slotCount: Int
  ) -> [ClosedRange<Int>] {
    var times = Array(repeating: 0...0, count: slotCount)
    return nodes.map { node in
      var first = Int.max
      var last = 0
      for slot in node.support {
        first = min(first, times[Int(slot)].lowerBound)
        last = max(last, times[Int(slot)].upperBound)
      }
      let window = first == Int.max ? 1...1 : (first + 1)...(last + 1)
      for output in node.outputs { times[Int(output.slot)] = window }
      return window
    }
  }

  /// Units of delay in which all nets have settled.
  public var depth: Int { windows.map(\.upperBound).max() ?? 0 }

  /// Cells by type.
  public var cellCounts: [String: Int] {
    cells.reduce(into: [:]) { $0[$1.type, default: 0] += 1 }
  }

  /// Operations on words that one clock takes, registers included.
  public var operationCount: Int {
    nodes.reduce(registers.count) { $0 + $1.gates.count }
  }
}

extension Netlist.Bit {
  var number: Int? {
    if case .net(let number) = self { number } else { nil }
  }
}

extension CellLogic.Node {
  /// Nets and registers that the node reads.
  var support: [Int32] {
    var found = Set<Int32>()
    var slots: [Int32] = []
    for slot in gates.flatMap(\.reads) + outputs.map(\.source)
    where slot >= FixedSlot.count && slot < CellLogic.temporary {
      if found.insert(slot).inserted { slots.append(slot) }
    }
    return slots
  }
}
