public import PareQoR
import PareText
public import PareTools

extension HLSFolder {
  /// Runs Vitis HLS in the folder and writes `qor.json`.
  ///
  /// A run that is in the folder, of the same files and steps by the same version, is not made again.
  ///
  /// - Throws: ``ExploreError``, `ToolError`, `VendorReportError`.
  public func implement(
    _ steps: Set<VitisHLS.Step>, with vitis: VitisHLS, onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    for script in [VitisHLS.script, VitisHLS.configuration]
    where !TextFile.exists("\(path)/\(script)") {
      throw ExploreError(
        .designFolder(path: path), "\(path)/\(script): no such file", hint: "compile it again")
    }
    let part = try VendorPart(named: manifest.options.part)
    let inputs = try files.map { SourceFile(path: $0, text: try TextFile.read("\(path)/\($0)")) }
    let qor = QoR(
      try await VitisToolchain(vitis).implement(
        steps, top: manifest.top, inputs: inputs, project: Folder(path), target: part.name,
        device: part.device, in: Folder("\(path)/synth"), onProgress: onProgress))
    try qor.write(to: Folder(path))
    return qor
  }

  /// The scripts that the folder has already, for each of the vendor's commands.
  public var scripts: [VendorScripts] {
    let here = Folder(path).path
    return [
      VendorScripts(
        folder: here, command: "vitis_hls -f \(VitisHLS.script)", files: files.sorted()),
      VendorScripts(
        folder: here, command: "vitis-run --mode hls --tcl \(VitisHLS.script)",
        files: files.sorted()),
    ]
  }

  /// Every file that a run reads.
  private var files: [String] {
    manifest.files + manifest.testbench.files + manifest.testbench.vectors + manifest.project
  }
}
