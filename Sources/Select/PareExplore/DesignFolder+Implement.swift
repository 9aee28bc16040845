import PareDatapath
import PareRTL
import PareText
public import PareQoR
public import PareTools

extension DesignFolder {
  /// Synthesizes the Verilog in the folder for each device, places and routes it where open tools can, and writes `qor.json`.
  ///
  /// Products of signals, if there are any, may become DSP blocks. Each netlist is compared with the integer model before it is
  /// placed; the estimated power of a synthesized netlist is that at the clock of `options`, of a routed one that at its own clock.
  ///
  /// - Throws: `ToolError`; ``ExploreError``, with code `.simulationMismatch` for a netlist that is another design.
  public func implement(
    on devices: [Device], with toolchain: Toolchain, options: RoutingOptions,
    examination: ExaminationOptions = ExaminationOptions(),
    onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    guard manifest.language == .verilog else {
      throw ExploreError(
        .designFolder(path: path), "\(path): the open tools read Verilog, and this design is VHDL",
        hint: "compile it again with --language verilog, or take --toolchain vivado",
        kind: .usage)
    }
    let implemented = try await toolchain.implement(
      rtl(), on: devices, in: Folder("\(path)/\(Self.stages)"),
      usesDSP: manifest.statistics.multiplyCount > 0, options: options,
      latencyClocks: manifest.latencyClocks, estimates: [costModelRecord],
      examination: try self.examination(examination), onProgress: onProgress)
    let qor = try inDesignTerms(implemented)
    try qor.write(to: Folder(path))
    return qor
  }

  /// The folder of the stages inside a design folder.
  private static let stages = "synth"

  /// Records with paths in the names of the datapath, files relative to this folder, and the clock that the delay model
  /// expects where no tool times the family.
  func inDesignTerms(_ qor: QoR) throws -> QoR {
    let directory = try SignalDirectory(pipeline(), language: manifest.language)
    return QoR(
      try qor.records.map { record in
        let path = record.criticalPath.map { path in
          path.translated { cell, port in
            directory.entry(of: cell, port: port).map { ($0.signal, $0.meaning) }
          }
        }
        let bits = record.bitstream.map {
          $0.named("\(Self.stages)/route-\(record.target)/\(manifest.top).bit")
        }
        return record.with(
          figures: try modelClock(for: record), criticalPath: path, bitstream: bits)
      })
  }

  /// fmax by the delay model of the family, for a synthesis that no open place and route follows.
  private func modelClock(for record: QoRRecord) throws -> [FigureName: Figure] {
    guard record.stage == .synthesis, record[.fmaxMHz] == nil,
      let device = try? Device(named: record.target), device.ecp5 == nil,
      device.logicFamily == manifest.family
    else { return [:] }
    return [
      .fmaxMHz: Figure(
        manifest.timing.modelMHz, costModel(.estimated, DelayModel(manifest.family).provenance))
    ]
  }

  /// What is known of the design before any tool has run.
  var costModelRecord: QoRRecord {
    var figures: [FigureName: Figure] = [
      .adders: Figure(
        manifest.statistics.adderCount, costModel(.measured, "two-input adders, counted")),
      .ff: Figure(
        manifest.registerBits, costModel(.estimated, "registers before any synthesis")),
      .latencyClocks: Figure(
        manifest.latencyClocks, costModel(.measured, "exact, from the pipeline's schedule")),
    ]
    if let resources = manifest.resources {
      let note = "model of cells for \(resources.family.rawValue)"
      figures[.lut] = Figure(resources.cells.luts, costModel(.estimated, note))
      figures[.ff] = Figure(resources.cells.flipFlops, costModel(.estimated, note))
    }
    figures[.fmaxMHz] = Figure(
      manifest.timing.modelMHz, costModel(.estimated, DelayModel(manifest.family).provenance))
    return QoRRecord(
      design: manifest.top, stage: .costModel, tool: "pare", version: generatorVersion,
      target: "any", figures: figures)
  }

  private func costModel(_ kind: Provenance.Kind, _ note: String) -> Provenance {
    Provenance(
      kind, tool: "pare", version: generatorVersion, stage: .costModel, note: note)
  }

  /// `0.1.0` of `pare 0.1.0`.
  private var generatorVersion: String {
    manifest.generator.split(separator: " ").last.map(String.init) ?? manifest.generator
  }
}

extension DelayModel {
  /// Where an estimated clock comes from, for a figure.
  fileprivate var provenance: String {
    let ground =
      switch basis {
      case .routed: "cells of nextpnr's database, nets fitted to routed designs; about 10 %"
      case .estimate: "cells from published Vivado reports, nets assumed; nothing of it was routed"
      case .borrowed: "borrowed from another family"
      }
    return
      "delay model, register to register: register \(register) ps, net \(net) ps, row \(row) ps and "
      + "\(carryPerBit) ps a bit (\(ground))"
  }
}
