import PareNumerics

/// How long the cells and wires of a family take, in picoseconds: a model for choosing pipeline stages, not a sign-off.
///
/// A net's delay is that of a fan-out of 1 and a part for each doubling of the loads. Nets on a path between two registers are
/// typical ones; what the worst of a design's many paths takes beyond that is part of ``register``.
public struct DelayModel: Hashable, Sendable, Codable {
  /// What stands behind the numbers.
  public enum Basis: String, Hashable, Sendable, Codable {
    /// Fitted to designs that were placed and routed.
    case routed
    /// Put together from published delays of the family's cells.
    case estimate
    /// Another family's numbers.
    case borrowed
  }

  public var basis: Basis
  /// From the clock to a register's output, set-up of the next register, skew, and the margin of the worst path.
  public var register: Int
  /// One table.
  public var table: Int
  public var net: Int
  /// Added to a net for each doubling of its loads.
  public var netPerDoubling: Int
  /// From an operand of a row of tables and carries to its carry, and from the carry to the sum; and what its net takes
  /// longer than another, since a row must be placed in one piece.
  public var row: Int
  public var carryPerBit: Int
  /// What a third operand adds to a row.
  public var thirdOperand: Int
  /// Inputs of a table.
  public var tableInputs: Int
  /// A product of signals that fits one block, its registers apart.
  public var product: Int

  /// The model of a family.
  ///
  /// - Source: ``LogicFamily/ecp5`` is fitted to designs routed by nextpnr, cells as in its database for speed grade 6 (see
  ///   `docs/guides/timing.md`). ``LogicFamily/series7`` takes the cell delays of a published Vivado 2024.2 report for an
  ///   xc7a35t-1 (register 0.456 + 0.062 ns, carry 0.674 ns into the first four bits, 0.114 ns per four bits, 0.334 ns out,
  ///   nets 0.3 to 1 ns). ``LogicFamily/ultraScalePlus`` takes those of a published Vivado 2021.2 report of a 32-bit adder in
  ///   an xczu3eg-1 (table 0.178 ns, carry 0.238 ns into the first eight bits, 0.023 ns per eight bits and 0.03 ns between
  ///   them, 0.145 ns out); nets of 0.2 to 0.6 ns and a register of 0.1 ns are what such reports show.
  public init(_ family: LogicFamily) {
    switch family {
    case .ecp5, .generic:
      self.init(
        basis: family == .ecp5 ? .routed : .borrowed, register: 1200, table: 240, net: 600,
        netPerDoubling: 40, row: 1390, carryPerBit: 36, thirdOperand: 0, tableInputs: 4,
        product: 4800)
    case .series7:
      self.init(
        basis: .estimate, register: 700, table: 124, net: 550, netPerDoubling: 100, row: 900,
        carryPerBit: 29, thirdOperand: 600, tableInputs: 6, product: 3000)
    case .ultraScalePlus:
      self.init(
        basis: .estimate, register: 300, table: 150, net: 300, netPerDoubling: 60, row: 520,
        carryPerBit: 8, thirdOperand: 400, tableInputs: 6, product: 1600)
    }
  }

  init(
    basis: Basis, register: Int, table: Int, net: Int, netPerDoubling: Int, row: Int,
    carryPerBit: Int, thirdOperand: Int, tableInputs: Int, product: Int
  ) {
    self.basis = basis
    self.register = register
    self.table = table
    self.net = net
    self.netPerDoubling = netPerDoubling
    self.row = row
    self.carryPerBit = carryPerBit
    self.thirdOperand = thirdOperand
    self.tableInputs = tableInputs
    self.product = product
  }

  /// Picoseconds that nets and logic between two registers may take.
  func limit(clockHz: Double) -> Int { Int((1e12 / clockHz).rounded(.down)) - register }

  /// A net with this many loads.
  func net(loads: Int) -> Int { net + spread(loads) }

  /// What the loads beyond the first add.
  func spread(_ loads: Int) -> Int {
    loads > 1 ? netPerDoubling * (Int.bitWidth - (loads - 1).leadingZeroBitCount) : 0
  }

  /// A row of tables and carries, operand to highest sum.
  func row(bits: Int) -> Int { row + carryPerBit * bits }

  /// Levels of tables that join this many signals, with the nets between them.
  func tree(of signals: Int) -> Int {
    var delay = table
    var left = signals
    while left > tableInputs {
      left = (left + tableInputs - 1) / tableInputs
      delay += table + net
    }
    return delay
  }
}

/// When the lowest and the highest bit of a wire are there, after the clock; bits between lie between.
struct Arrival: Hashable {
  var low: Int
  var high: Int

  static let register = Arrival(low: 0, high: 0)

  func joined(_ other: Arrival) -> Arrival {
    Arrival(low: max(low, other.low), high: max(high, other.high))
  }

  func delayed(by delay: Int) -> Arrival { Arrival(low: low + delay, high: high + delay) }
}

/// How a node's logic delays what it reads.
///
/// Carries run from the lowest bit on, so that rows which read each other wait for one carry and not for the sum of them.
/// Everything is a maximum of sums, so that the arrival over all paths is the latest over each.
struct NodeDelay: Hashable {
  /// From a bit to the same bit.
  var through = 0
  /// From the lowest bit to the highest, beyond that.
  var carry = 0
  /// Whether every bit of the result needs every bit of the operand.
  var isWhole = false
  /// Whether there is logic at all.
  var isWire: Bool { through == 0 && carry == 0 }

  func callAsFunction(_ arrival: Arrival) -> Arrival {
    if isWhole {
      let time = max(arrival.high, arrival.low + carry) + through
      return Arrival(low: time, high: time)
    }
    let low = arrival.low + through
    return Arrival(low: low, high: max(arrival.high + through, low + carry))
  }
}

extension DelayModel {
  /// The delay of a node's logic, up to its wire or its first register.
  func delay(of node: Node, in datapath: Datapath) -> NodeDelay {
    let width = node.range.signedBits
    let rows = datapath.adderRows(of: node)
    switch node.op {
    case .input, .constant, .delay, .linear: return NodeDelay()
    case .add(let operands):
      guard let bits = rows.first else { return NodeDelay() }
      let signals = operands.count { !datapath[$0.wire].isConstant }
      return NodeDelay(
        through: row + (signals > 2 ? thirdOperand + extraRow(rows.count) : 0),
        carry: carryPerBit * bits)
    case .multiply(let a, let b):
      let bits = [datapath[a], datapath[b]].map(\.range.signedBits).max()!
      return NodeDelay(through: product * ((bits + 17) / 18), isWhole: true)
    case .relu:
      guard node.registerCount({ datapath[$0] }) > 0 else { return NodeDelay() }
      return NodeDelay(through: table + spread(width), isWhole: true)
    case .clamp(let wire, let lower, let upper):
      let range = datapath[wire].range
      let bounds = (range.lower < lower ? 1 : 0) + (range.upper > upper ? 1 : 0)
      if bounds == 0 { return NodeDelay() }
      return NodeDelay(
        through: row + net + spread(width) + bounds * table,
        carry: carryPerBit * range.signedBits, isWhole: true)
    case .requantize(let wire, _, _):
      guard node.registerCount({ datapath[$0] }) > 0 else { return NodeDelay() }
      let shift = datapath[wire].format.fractionBits - node.format.fractionBits
      let excess = datapath[wire].range.signedBits - shift - node.format.wordLength
      let limit = excess > 0 ? tree(of: excess + 1) + net + spread(width) + table : 0
      let rounding = rows.first.map { row(bits: $0) + net } ?? 0
      return NodeDelay(through: max(1, limit + rounding), isWhole: true)
    case .lookup(let wire, let shift, let entries):
      let shape = LookupShape(datapath[wire].range, shift: shift, table: entries)
      var through = shape.isSigned ? table + spread(shape.addressBits) : 0
      if shape.isLimited {
        through += row(bits: shape.addressBits) + net + spread(shape.addressBits) + table
      }
      return NodeDelay(through: max(1, through), isWhole: true)
    }
  }

  /// Between the registers inside a table, the slowest stage.
  func innerDelay(of node: Node, in datapath: Datapath) -> Int {
    guard case .lookup(let wire, let shift, let entries) = node.op else { return 0 }
    let shape = LookupShape(datapath[wire].range, shift: shift, table: entries)
    let bits = min(shape.addressBits, LookupShape.bankAddressBits)
    // Tables of tableInputs address bits, joined two by two by the further ones.
    let pairs = max(0, bits - tableInputs)
    let read = net(loads: shape.entryBits << pairs) + table + pairs * table
    let pick = shape.bankCount > 1 ? net(loads: shape.entryBits) + tree(of: shape.bankCount * 2) : 0
    let negate = shape.isSigned ? net(loads: shape.entryBits) + row(bits: shape.entryBits) : 0
    return max(read, pick, negate)
  }

  /// Families of two operands build three as rows behind each other.
  private func extraRow(_ rows: Int) -> Int { thirdOperand == 0 && rows > 1 ? row + net : 0 }
}

extension Node {
  var isConstant: Bool {
    if case .constant = op { return true }
    return false
  }
}
