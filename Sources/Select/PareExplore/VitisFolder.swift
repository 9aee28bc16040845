public import PareQoR
import PareText
public import PareTools

/// A folder of HLS C++ as Vitis HLS needs it: scripts, sources, test bench and a manifest that names them.
public struct VitisFolder: Sendable {
  /// The members of the manifest that a run depends on.
  private struct Manifest: Decodable {
    struct Options: Decodable {
      let language: String?
      let part: String?
    }
    struct Testbench: Decodable {
      let files: [String]
      let vectors: [String]
    }
    let options: Options
    let top: String?
    let files: [String]?
    let testbench: Testbench?
    let project: [String]?
  }

  public let path: String
  /// The function that becomes hardware.
  public let top: String
  public let part: VendorPart
  /// Every file that a run reads.
  private let files: [String]

  /// Whether the manifest of a folder says that it holds HLS C++; false for a folder without one.
  public static func isOne(_ path: String) -> Bool {
    let file = "\(path)/manifest.json"
    guard let text = try? TextFile.read(file),
      let manifest = try? JSONText.decode(Manifest.self, from: text, file: file)
    else { return false }
    return manifest.options.language == "hls"
  }

  /// - Throws: ``ExploreError`` when the folder has no manifest, holds something else or lacks a script.
  public init(opening path: String) throws {
    let file = "\(path)/manifest.json"
    guard TextFile.exists(file) else {
      throw ExploreError(
        .designFolder(path: path), "\(path): not a design folder (it has no manifest.json)",
        hint: "make one with: pare compile model.json --language hls --out \(path)")
    }
    let manifest = try JSONText.decode(Manifest.self, from: TextFile.read(file), file: file)
    guard manifest.options.language == "hls", let top = manifest.top,
      let part = manifest.options.part
    else {
      throw ExploreError(
        .designFolder(path: path), "\(path) holds no HLS C++, which Vitis HLS needs",
        hint: "compile it with --language hls, or take --toolchain vivado", kind: .usage)
    }
    for script in [VitisHLS.script, VitisHLS.configuration]
    where !TextFile.exists("\(path)/\(script)") {
      throw ExploreError(
        .designFolder(path: path), "\(path)/\(script): no such file", hint: "compile it again")
    }
    self.path = path
    self.top = top
    self.part = try VendorPart(named: part)
    let bench = manifest.testbench.map { $0.files + $0.vectors } ?? []
    files = (manifest.files ?? []) + bench + (manifest.project ?? [])
  }

  /// Runs Vitis HLS in the folder and writes `qor.json`.
  ///
  /// A run that is in the folder, of the same files and steps by the same version, is not made again.
  ///
  /// - Throws: ``ExploreError``, `ToolError`, `VendorReportError`.
  public func implement(
    _ steps: Set<VitisHLS.Step>, with vitis: VitisHLS, onProgress: ToolProgressHandler? = nil
  ) async throws -> QoR {
    let inputs = try files.map { SourceFile(path: $0, text: try TextFile.read("\(path)/\($0)")) }
    let qor = QoR(
      try await VitisToolchain(vitis).implement(
        steps, top: top, inputs: inputs, project: Folder(path), target: part.name,
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
}
