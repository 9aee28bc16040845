#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder of the vendor's fixed-point headers: `ap_fixed.h`, `ap_int.h`, `hls_stream.h`.
///
/// `make tools` brings them with a pinned wheel; they are never part of this repository. An installed Vitis HLS has them too.
public struct XilinxHeaders: Sendable, Hashable {
  public let folder: Folder
  /// Where they come from: `hls4ml 1.3.0` of the wheel, else the folder.
  public let version: String

  /// The variable that names a folder and wins over every search.
  public static let variable = "PARE_AP_TYPES"

  static let files = ["ap_fixed.h", "ap_int.h", "hls_stream.h"]
  private static let package = "hls4ml"
  private static let inPackage = "templates/vivado/ap_types"

  /// Looks in `PARE_AP_TYPES`, in `.tools`, and in the `include` folder of `XILINX_HLS`.
  ///
  /// - Returns: nil where none of them is.
  /// - Throws: ``ToolError`` with code `toolMissing` when `PARE_AP_TYPES` names a folder without them.
  public static func find(_ locator: ToolLocator = ToolLocator()) throws -> XilinxHeaders? {
    func complete(_ folder: Folder) -> Bool { files.allSatisfy { folder.has($0) } }
    if let named = locator.variables[variable], !named.isEmpty {
      let folder = Folder(named)
      guard complete(folder) else {
        throw ToolError(
          .toolMissing(tool: "ap_fixed.h", lookedIn: ["\(variable)=\(named)"]),
          hint: "name the folder of \(files.joined(separator: ", ")), or unset \(variable)")
      }
      return XilinxHeaders(folder: folder, version: folder.path)
    }
    if let (packages, version) = locator.pythonPackage(package) {
      let folder = packages.folder("\(package)/\(inPackage)")
      if complete(folder) { return XilinxHeaders(folder: folder, version: "\(package) \(version)") }
    }
    if let vitis = locator.variables["XILINX_HLS"], !vitis.isEmpty {
      let folder = Folder(vitis).folder("include")
      if complete(folder) { return XilinxHeaders(folder: folder, version: folder.path) }
    }
    return nil
  }
}
