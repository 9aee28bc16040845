/// Cells that a part of a design takes.
public struct Cells: Hashable, Sendable, Codable {
  /// Tables: LUT cells of a Xilinx netlist, an inverter and a LUT6_2 one each; LUT4 of ECP5, and two for each CCU2C.
  public var luts = 0
  public var flipFlops = 0
  /// Tables that are shift registers: SRL16E and SRLC32E.
  public var shiftRegisterLUTs = 0
  /// CARRY8 (UltraScale+), CARRY4 (7-series) or CCU2C (ECP5); none of a generic family.
  public var carryCells = 0
  /// DSP blocks: DSP48E2, DSP48E1 or MULT18X18D.
  public var multipliers = 0
  /// Adders as they are built, of two or three operands.
  public var rows = 0
  /// Rows of three operands.
  public var ternaryRows = 0
  /// Bits of all rows, those that pass through as wires not counted.
  public var adderBits = 0

  public init() {}

  public static func + (a: Cells, b: Cells) -> Cells {
    var sum = a
    sum += b
    return sum
  }

  public static func += (a: inout Cells, b: Cells) {
    a.luts += b.luts
    a.flipFlops += b.flipFlops
    a.shiftRegisterLUTs += b.shiftRegisterLUTs
    a.carryCells += b.carryCells
    a.multipliers += b.multipliers
    a.rows += b.rows
    a.ternaryRows += b.ternaryRows
    a.adderBits += b.adderBits
  }
}

/// What a pipeline takes on its family of devices, before any synthesis; an estimate of what Yosys makes of its Verilog.
///
/// `docs/measurements.md` has the model beside synthesis.
public struct ResourceEstimate: Hashable, Sendable, Codable {
  public let family: LogicFamily
  public let cells: Cells
  /// Most rows, limits and tables between two registers.
  public let logicDepth: Int
  /// Clocks from an accepted sample to its result, ``Datapath/lookAhead`` not counted.
  public let latency: Int
}

/// What a ``ResourceBreakdown`` puts together.
public enum ResourceGrouping: String, Hashable, Sendable, Codable, CaseIterable {
  /// The keyword of each node's op.
  case op
  /// The first part of each node's label up to its channel: `l0` of `l0c2_a3`.
  case layer
  /// The label up to its first underscore: `l0c2` of `l0c2_a3`.
  case label
}

/// Where the cells of a design go; the parts add up to the whole.
public struct ResourceBreakdown: Hashable, Sendable, Codable {
  public struct Part: Hashable, Sendable, Codable {
    /// The empty name is that of nodes without a label.
    public let name: String
    public let cells: Cells
  }

  /// Parts in the order of their first nodes; the last is `control`: flags, resets and the valid chain.
  public let parts: [Part]
}
