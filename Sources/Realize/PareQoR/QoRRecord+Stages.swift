public import PareTools

extension QoRRecord {
  /// The figures of a synthesized netlist.
  ///
  /// - Parameters:
  ///   - device: for the share that is used; the record is named after it.
  ///   - latencyClocks: known from the datapath, carried along.
  public init(_ synthesis: SynthesisResult, on device: Device, latencyClocks: Int? = nil) {
    let origin = Origin(
      tool: synthesis.tool.rawValue, version: synthesis.toolVersion, stage: .synthesis)
    let counts = synthesis.counts
    var figures: [FigureName: Figure] = [
      .lut: origin.measured(
        counts.lut,
        device.family == .ecp5
          ? "LUT4 cells and two for each CCU2C" : "LUT primitives, each counted as one"),
      .ff: origin.measured(counts.ff),
      .carry: origin.measured(
        counts.carry,
        device.family == .ecp5
          ? "CCU2C" : device.family == .xc7 ? "CARRY4" : "CARRY4, and CARRY8 of rows"),
      .dsp: origin.measured(counts.dsp),
      .bram: origin.measured(counts.bram),
      .muxes: origin.measured(counts.muxes),
      .lutRAM: origin.measured(counts.lutRAM),
    ]
    figures[.lutSites] = counts.lutSites.map {
      origin.estimated(
        $0, "small LUTs paired by common inputs; Vivado's count differs by about 15 %")
    }
    figures[.carry8] = counts.carry8.map {
      origin.estimated(
        $0, "half the CARRY4 of each carry chain, rounded up, and the CARRY8 of rows")
    }
    figures[.srl] = counts.srl.map { origin.measured($0) }
    if counts.latches > 0 { figures[.latches] = origin.measured(counts.latches) }
    if device.family == .xcup { figures[.uram] = origin.measured(counts.uram) }
    figures[.latencyClocks] = latencyClocks.map { .latency($0) }
    self.init(
      design: synthesis.top, stage: .synthesis, tool: origin.tool, version: origin.version,
      target: device.name, part: device.part, figures: figures, device: device,
      warnings: synthesis.warnings, seconds: synthesis.seconds)
  }

  /// The figures of a routed design: cells of the best seed, speed of all.
  ///
  /// - Parameter bitstream: packed from it.
  public init(
    _ routed: RoutedDesign, on device: Device, latencyClocks: Int? = nil,
    bitstream: Bitstream? = nil
  ) {
    let origin = Origin(
      tool: routed.tool.rawValue, version: routed.toolVersion, stage: .placeAndRoute)
    let without = routed.harness.map {
      "without the serial harness around the design (\($0.lut) LUT, \($0.ff) FF)"
    }
    var figures: [FigureName: Figure] = [
      .lut: origin.measured(
        routed.lut,
        ["TRELLIS_COMB after packing", without].compactMap { $0 }.joined(separator: ", ")),
      .ff: origin.measured(routed.ff, without),
      .dsp: origin.measured(routed.dsp, "MULT18X18D"),
      .bram: origin.measured(routed.bram, "DP16KD"),
    ]
    let pins =
      routed.harness == nil ? "register to register; ports are not timed" : "ports registered"
    figures[.fmaxMHz] = routed.best.fmaxMHz.map {
      Figure($0, origin.provenance("best of \(routed.seeds.count) seeds; \(pins)"))
    }
    figures[.fmaxMedianMHz] = routed.medianMHz.map { Figure($0, origin.provenance(nil)) }
    figures[.fmaxSpreadMHz] = routed.spreadMHz.map {
      Figure($0, origin.provenance("best minus worst seed"))
    }
    figures[.latencyClocks] = latencyClocks.map { .latency($0) }
    let noPath =
      routed.best.fmaxMHz == nil ? ["no path between two registers, so there is no fmax"] : []
    self.init(
      design: routed.top, stage: .placeAndRoute, tool: origin.tool, version: origin.version,
      target: device.name, part: device.part, figures: figures,
      criticalPath: routed.best.criticalPath, bitstream: bitstream,
      seeds: routed.seeds.map { SeedResult(seed: $0.seed, fmaxMHz: $0.fmaxMHz) }, device: device,
      warnings: routed.warnings + noPath, seconds: routed.seconds)
  }
}

/// Makes figures of one tool run.
private struct Origin {
  let tool: String
  let version: String
  let stage: QoRStage

  func provenance(_ note: String?, _ kind: Provenance.Kind = .measured) -> Provenance {
    Provenance(kind, tool: tool, version: version, stage: stage, note: note)
  }
  func measured(_ value: Int, _ note: String? = nil) -> Figure { Figure(value, provenance(note)) }
  func measured(_ value: Double) -> Figure { Figure(value, provenance(nil)) }
  func estimated(_ value: Int, _ note: String) -> Figure {
    Figure(value, provenance(note, .estimated))
  }
}

extension Figure {
  /// A latency that the datapath's schedule states; simulation checks it sample by sample.
  static func latency(_ clocks: Int) -> Figure {
    Figure(
      clocks,
      Provenance(
        .measured, tool: "pare", version: nil, stage: .costModel,
        note: "the schedule of the pipelined datapath"))
  }
}
