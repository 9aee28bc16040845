import PareDatapath
import PareRTL
import PareText
public import PareQoR
public import PareTools

extension DesignFolder {
  /// Synthesizes the Verilog in the folder for each device, places and routes it where open tools can, and writes `qor.json`.
  ///
  /// Products of signals, if there are any, may become DSP blocks.
  ///
  /// - Throws: `ToolError`, ``ExploreError``.
  public func implement(
    on devices: [Device], with toolchain: Toolchain, options: RoutingOptions,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    guard manifest.language == .verilog else {
      throw ExploreError(
        .designFolder(path: path), "\(path): the open tools read Verilog, and this design is VHDL",
        hint: "compile it again with --language verilog, or take --toolchain vivado",
        kind: .usage)
    }
    let qor = try await toolchain.implement(
      rtl(), on: devices, in: Folder("\(path)/synth"),
      usesDSP: manifest.statistics.multiplyCount > 0, options: options,
      latencyClocks: manifest.latencyClocks, estimates: [costModelRecord], onProgress: onProgress)
    try qor.write(to: Folder(path))
    return qor
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
