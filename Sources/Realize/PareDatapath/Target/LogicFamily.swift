/// A family of devices, as far as it decides how sums and delay lines are built.
public enum LogicFamily: String, Hashable, Sendable, Codable, CaseIterable {
  /// AMD UltraScale and UltraScale+: tables of six inputs with two outputs, carry chains of eight bits.
  case ultraScalePlus = "ultrascale+"
  /// AMD 7-series: the same tables, carry chains of four bits.
  case series7 = "7-series"
  /// Lattice ECP5: tables of four inputs, carry chains of two bits.
  case ecp5
  /// Anything else: plain register-transfer code that names no cell.
  case generic

  /// Operands that one row of tables and carries adds.
  ///
  /// - Source: Kumm, Zipf, Pipelined Compressor Tree Optimization, FPL 2014: three operands fit a row when each table has
  ///   two outputs and six inputs.
  public var adderOperands: Int {
    switch self {
    case .ultraScalePlus, .series7: 3
    case .ecp5, .generic: 2
    }
  }

  /// Whether a table can be a shift register, so that a long delay costs a table per bit and 16 samples.
  public var hasShiftRegisterTables: Bool {
    switch self {
    case .ultraScalePlus, .series7: true
    case .ecp5, .generic: false
    }
  }
}
