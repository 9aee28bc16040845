import PareNumerics
public import PareTools
public import PareText

/// Vitis HLS on a folder with its scripts, as records of `qor.json`.
public struct VitisToolchain: Sendable {
  private let vitis: VitisHLS

  public init(_ vitis: VitisHLS) {
    self.vitis = vitis
  }

  /// Runs steps of Vitis HLS.
  ///
  /// A result that is in the folder, made from the same files and steps by the same version, is taken as it is.
  ///
  /// - Parameters:
  ///   - inputs: every file that the result depends on, scripts and sources.
  ///   - project: the folder that has them; gets `project` and the logs.
  ///   - target: the name that the records bear.
  ///   - folder: keeps the result.
  /// - Returns: a record for each of C synthesis, co-simulation and implementation that was asked for.
  /// - Throws: what ``VitisHLS/run(_:top:in:by:onProgress:)`` throws.
  public func implement(
    _ steps: Set<VitisHLS.Step> = [.csim, .csynth, .cosim, .implementation], top: String,
    inputs: [SourceFile], project: Folder, target: String, device: Device?, in folder: Folder,
    onProgress: ToolProgressHandler? = nil
  ) async throws -> [QoRRecord] {
    var key = StableHash()
    key.combine(top)
    for file in inputs {
      key.combine(file.path)
      key.combine(file.text)
    }
    key.combine(steps.sorted().map(\.rawValue).joined(separator: " "))
    key.combine(vitis.tool.version)
    let place = folder.folder("vitis-\(target)")
    try place.create()
    let result = try await resumed(key.hex, in: place) {
      try await vitis.run(steps, top: top, in: project, onProgress: onProgress)
    }
    var records: [QoRRecord] = []
    func add(_ report: VendorReport, _ warnings: [String] = []) {
      records.append(
        QoRRecord(
          design: top, stage: report.stage, tool: report.source.tool.lowercased(),
          version: report.source.version ?? result.toolVersion, target: target,
          part: report.source.part ?? result.csynth?.source.part, figures: report.figures(),
          device: device, warnings: result.warnings + warnings))
    }
    if let csynth = result.csynth { add(.csynth(csynth)) }
    if let cosim = result.cosim { add(.cosim(cosim)) }
    if let export = result.export {
      add(
        .export(export),
        export.isTimingMet == false ? ["timing constraints are not met"] : [])
    }
    return records
  }
}
