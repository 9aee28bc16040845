import PareDatapath
public import PareQoR
public import PareTools

extension DesignFolder {
  /// Synthesizes the Verilog in the folder for each device, places and routes it where open tools can, and writes `qor.json`.
  ///
  /// - Throws: `ToolError`, ``ExploreError``.
  public func implement(
    on devices: [Device], with toolchain: Toolchain, options: RoutingOptions,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    let estimates = QoRRecord(
      design: manifest.name, stage: .costModel, tool: "pare", version: manifest.generator,
      target: "any",
      figures: [
        .adders: Figure(manifest.statistics.adderCount, costModel("two-input adders")),
        .ff: Figure(manifest.registerBits, costModel("registers before any synthesis")),
        .latencyClocks: Figure(manifest.latencySamples, costModel("known from the pipeline")),
      ])
    let qor = try await toolchain.implement(
      rtl(), on: devices, in: Folder("\(path)/synth"), options: options,
      latencyClocks: manifest.latencySamples, estimates: [estimates], onProgress: onProgress)
    try qor.write(to: Folder(path))
    return qor
  }

  private func costModel(_ note: String) -> Provenance {
    Provenance(
      .estimated, tool: "pare", version: manifest.generator, stage: .costModel, note: note)
  }
}
