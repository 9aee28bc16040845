import PareDatapath
import PareRTL
import PareText
public import PareQoR
public import PareTools

/// A project for a vendor's tool that was written and not run.
public struct VendorScripts: Sendable, Hashable, Codable {
  /// Can be carried to another machine.
  public let folder: String
  /// To be run in the folder.
  public let command: String
  public let files: [String]
}

extension DesignFolder {
  /// The design as a project for Vivado.
  ///
  /// Verilog and VHDL are taken as they stand in the folder. Rows of three operands become cells of the family; for VHDL they
  /// come from the Verilog module in `vivado/`.
  ///
  /// - Throws: ``ExploreError`` when the design is built of another maker's logic.
  public func vivadoProject(
    on part: VendorPart, clockMHz: Double, activity: VivadoProject.Activity? = nil
  ) throws -> VivadoProject {
    let family = part.device?.logicFamily
    guard manifest.family != .ecp5,
      family == nil || manifest.family == .generic || family == manifest.family
    else {
      throw ExploreError(
        .option("target"),
        "\(path) is built of the logic of \(manifest.family.rawValue), and \(part.name) is of another family",
        hint: "compile it again with --target \(part.name)", kind: .usage)
    }
    let sources = try rtl().design
    let rowName = "pare_row3\(manifest.language.fileExtension)"
    let hasRows = sources.contains { $0.path == rowName }
    var cells: [SourceFile] = []
    let cellFile = "vivado/pare_row3.v"
    if hasRows, manifest.language == .vhdl, TextFile.exists("\(path)/\(cellFile)") {
      cells = [SourceFile(path: "pare_row3.v", text: try TextFile.read("\(path)/\(cellFile)"))]
    }
    return VivadoProject(
      top: manifest.top, language: manifest.language == .vhdl ? .vhdl : .verilog,
      sources: cells.isEmpty ? sources : sources.filter { $0.path != rowName }, cells: cells,
      part: part.part, clockMHz: clockMHz,
      defines: hasRows ? manifest.family.rowDefines : [], activity: activity)
  }

  /// Synthesizes, places and routes the design with Vivado for each part, and writes `qor.json`.
  ///
  /// A run that is in the folder, of the same sources and options by the same version, is not made again.
  ///
  /// - Throws: ``ExploreError``, `ToolError`, `VendorReportError`.
  public func implement(
    on parts: [VendorPart], with vivado: Vivado, clockMHz: Double,
    activity: VivadoProject.Activity? = nil, onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    // All parts are looked at before the first run of many minutes.
    let projects = try parts.map {
      try vivadoProject(on: $0, clockMHz: clockMHz, activity: activity)
    }
    let toolchain = VivadoToolchain(vivado)
    var records = [costModelRecord]
    for (part, project) in zip(parts, projects) {
      records += try await toolchain.implement(
        project, target: part.name, device: part.device, in: Folder("\(path)/synth"),
        latencyClocks: manifest.latencyClocks, onProgress: onProgress)
    }
    let qor = try inDesignTerms(QoR(records))
    try qor.write(to: Folder(path))
    return qor
  }

  /// Writes the projects for Vivado, one for each part, to be run by hand or on another machine.
  public func writeVivadoScripts(
    for parts: [VendorPart], clockMHz: Double, activity: VivadoProject.Activity? = nil
  ) async throws -> [VendorScripts] {
    var written: [VendorScripts] = []
    for part in parts {
      let files = try vivadoProject(on: part, clockMHz: clockMHz, activity: activity).files
      let folder = Folder("\(path)/synth/vivado-\(part.name)-scripts")
      try await folder.replace { try $0.write(files) }
      written.append(
        VendorScripts(
          folder: folder.path, command: "vivado -mode batch -source \(VivadoProject.script)",
          files: files.map(\.path)))
    }
    return written
  }
}
