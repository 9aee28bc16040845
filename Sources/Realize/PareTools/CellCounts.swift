/// What a netlist is made of, in the terms of its family; a type of cell that is not known is named, never dropped.
public struct CellCounts: Sendable, Hashable, Codable {
  /// LUT cells. Xilinx: LUT1 to LUT6, LUT6_2 and INV, each one. ECP5: LUT4, and two for each CCU2C, whose adder bits
  /// are LUTs; PFUMX and L6MUX21 are multiplexers of the slice and take none.
  public let lut: Int
  /// Xilinx: six-input sites when small LUTs share one, an estimate. Absent for ECP5, where a LUT is a site.
  public let lutSites: Int?
  /// LUTs used as memory. ECP5: four for each TRELLIS_DPR16X4.
  public let lutRAM: Int
  /// LUTs used as shift registers, SRL16E and SRLC32E; absent for ECP5, which has none.
  public let srl: Int?
  public let ff: Int
  public let latches: Int
  /// Carry cells of the netlist: CARRY4 and CARRY8, or CCU2C (two bits).
  public let carry: Int
  /// UltraScale+: CARRY8 of the netlist and those after merging CARRY4 along each chain, an estimate. Absent for others.
  public let carry8: Int?
  /// Multiplexers of the slice: MUXF7 to MUXF9, or PFUMX and L6MUX21.
  public let muxes: Int
  /// DSP48E2 (or E1), or MULT18X18D and ALU54B.
  public let dsp: Int
  /// Block memories: of 36 kbit, an 18 kbit one is a half; ECP5: DP16KD and PDPW16KD of 18 kbit.
  public let bram: Double
  public let uram: Int
  /// Every type of cell with its count.
  public let byType: [String: Int]
  /// Types that are none of the above, with their counts; buffers of clocks and pins are known and not listed.
  public let unknown: [String: Int]

  /// - Parameters:
  ///   - netlist: for the estimates, which need the connections.
  ///   - hasCarry8: whether the part's carry cells have eight bits, whatever the netlist's have.
  init(xilinx byType: [String: Int], netlist: Netlist, hasCarry8: Bool = true) {
    var count = Counter(byType)
    lut = count.take("LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6", "LUT6_2", "INV")
    lutSites = LUTSites(of: netlist).count
    srl = count.take("SRL16", "SRL16E", "SRLC16E", "SRLC32E")
    lutRAM =
      count.take("RAM32X1S", "RAM64X1S") + 2 * count.take("RAM32X1D", "RAM64X1D", "RAM128X1S")
      + 4 * count.take("RAM32M", "RAM64M", "RAM128X1D", "RAM256X1S")
      + 8 * count.take("RAM32M16", "RAM64M8", "RAM256X1D", "RAM512X1S")
    ff = count.take("FDRE", "FDSE", "FDCE", "FDPE", "FDRE_1", "FDSE_1", "FDCE_1", "FDPE_1")
    latches = count.take("LDCE", "LDPE")
    carry = count.take("CARRY4", "CARRY8")
    carry8 = hasCarry8 ? CarryChains(of: netlist).carry8 + (byType["CARRY8"] ?? 0) : nil
    muxes = count.take("MUXF7", "MUXF8", "MUXF9")
    dsp = count.take("DSP48E2", "DSP48E1")
    bram =
      0.5 * Double(count.take("RAMB18E2", "RAMB18E1"))
      + Double(count.take("RAMB36E2", "RAMB36E1"))
    uram = count.take("URAM288", "URAM288_BASE")
    _ = count.take("BUFG", "IBUF", "OBUF", "OBUFT", "IOBUF", "GND", "VCC", "$scopeinfo")
    self.byType = byType
    unknown = count.left
  }

  init(ecp5 byType: [String: Int]) {
    var count = Counter(byType)
    carry = count.take("CCU2C")
    lut = count.take("LUT4") + 2 * carry
    lutSites = nil
    lutRAM = 4 * count.take("TRELLIS_DPR16X4")
    srl = nil
    ff = count.take("TRELLIS_FF")
    latches = 0
    carry8 = nil
    muxes = count.take("PFUMX", "L6MUX21")
    dsp = count.take("MULT18X18D", "ALU54B")
    bram = Double(count.take("DP16KD", "PDPW16KD"))
    uram = 0
    _ = count.take("TRELLIS_IO", "BB", "IB", "OB", "DCCA", "GND", "VCC", "$scopeinfo")
    self.byType = byType
    unknown = count.left
  }
}

/// Takes types out of a table, so that what nobody took is left.
private struct Counter {
  var left: [String: Int]

  init(_ byType: [String: Int]) { left = byType }

  mutating func take(_ types: String...) -> Int {
    types.reduce(0) { $0 + (left.removeValue(forKey: $1) ?? 0) }
  }
}
