/// The numbers that a stage can tell about a design; the names are the keys of `qor.json`.
public enum FigureName: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
  /// LUT cells of the netlist, or after packing.
  case lut
  /// LUT sites when small LUTs share one.
  case lutSites
  case lutRAM
  /// LUTs used as shift registers.
  case srl
  case ff
  case latches
  /// Carry cells: CARRY4 on Xilinx parts, CCU2C on ECP5.
  case carry
  case carry8
  case muxes
  case dsp
  /// Block memories, 36 kbit on UltraScale+, 18 kbit on ECP5.
  case bram
  case uram
  /// Adders of two operands in the datapath.
  case adders
  /// The best seed.
  case fmaxMHz
  case fmaxMedianMHz
  /// Best minus worst seed.
  case fmaxSpreadMHz
  /// Clocks from a sample at the input to its result at the output.
  case latencyClocks
  /// Clocks between two samples that are taken in.
  case initiationInterval
  /// Watts on the whole chip.
  case powerTotalW
  case powerDynamicW
  case powerStaticW
  /// Ends of the range in which the power model believes the dynamic and the static watts to lie.
  case powerDynamicLowW
  case powerDynamicHighW
  case powerStaticLowW
  case powerStaticHighW
  /// Parts of the dynamic watts: flip-flops and clock tree, LUTs and carries, routed nets, DSP blocks.
  case powerClockW
  case powerLogicW
  case powerSignalsW
  case powerDSPW
  /// Dynamic joules for each sample.
  case energyPerSampleJ
  case energyPerSampleLowJ
  case energyPerSampleHighJ
  /// Samples on which the netlist was compared with the integer model, all equal.
  case verifiedSamples
}

/// Where a number comes from.
public struct Provenance: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Counted or timed by the tool on what it built.
    case measured
    /// Derived by a rule from something else.
    case estimated
  }

  public let kind: Kind
  public let tool: String
  /// Nil for what this library derives itself.
  public let version: String?
  public let stage: QoRStage
  /// How it was counted or derived, where that is not plain.
  public let note: String?

  public init(
    _ kind: Kind, tool: String, version: String?, stage: QoRStage, note: String? = nil
  ) {
    self.kind = kind
    self.tool = tool
    self.version = version
    self.stage = stage
    self.note = note
  }
}

extension Provenance {
  /// Stands in the note of a figure of power whose watts mean nothing.
  static let rankingOnly = "for ranking only"

  /// Whether only ratios to the same figure of other designs mean anything.
  ///
  /// Told by the note, which every file and ledger keeps.
  public var isRankingOnly: Bool { note?.contains(Self.rankingOnly) ?? false }
}

/// A number with its origin; there is no figure without one.
public struct Figure: Sendable, Hashable {
  public let value: Double
  public let provenance: Provenance

  public init(_ value: Double, _ provenance: Provenance) {
    self.value = value
    self.provenance = provenance
  }

  public init(_ value: Int, _ provenance: Provenance) {
    self.init(Double(value), provenance)
  }
}

/// How far a design has come when its figures are taken.
public enum QoRStage: String, Sendable, Hashable, Codable, CaseIterable {
  /// Counted on the datapath, no tool involved.
  case costModel
  /// An HLS tool's estimate, before any netlist.
  case highLevelSynthesis
  /// The HLS tool's simulation of the hardware that it wrote.
  case cosimulation
  case synthesis
  case placeAndRoute
}
