#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ToolLocator {
  /// Programs of AMD's that are not on `PATH`, the best first: those that the settings scripts name, then installed
  /// versions, the newest first.
  func installations(of name: ToolName) -> [String] {
    guard name.isVendorTool else { return [] }
    let named = name.vendorVariables.compactMap { variables[$0] }.filter { !$0.isEmpty }
      .map { Folder($0) }
    var installed: [(version: ToolVersion, folder: Folder)] = []
    for root in vendorFolders {
      for product in name.vendorProducts {
        // Up to 2024 a folder for each product with versions in it, from 2025 on the other way round.
        for entry in root.folder(product).names {
          guard let version = ToolVersion(ofRelease: entry) else { continue }
          installed.append((version, root.folder("\(product)/\(entry)")))
        }
        for entry in root.names {
          guard let version = ToolVersion(ofRelease: entry) else { continue }
          installed.append((version, root.folder("\(entry)/\(product)")))
        }
      }
    }
    // Roots and products are in the order of preference, and sorting keeps it among equal versions.
    installed.sort { $1.version.isOlder(than: $0.version.numbers) }
    return (named + installed.map(\.folder)).flatMap { folder in
      name.programs.map { folder.file("bin/\($0)") }
    }.filter { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

extension ToolName {
  /// Variables of the vendor's settings scripts that hold the folder of an installation.
  var vendorVariables: [String] {
    switch self {
    case .vivado: ["XILINX_VIVADO"]
    case .vitisHLS: ["XILINX_VITIS", "XILINX_HLS"]
    case .yosys, .nextpnrECP5, .ecppack, .verilator, .iverilog, .ghdl, .compiler, .make, .python3:
      []
    }
  }

  /// Folders of products that have the program.
  fileprivate var vendorProducts: [String] {
    switch self {
    case .vivado: ["Vivado"]
    case .vitisHLS: ["Vitis", "Vitis_HLS"]
    case .yosys, .nextpnrECP5, .ecppack, .verilator, .iverilog, .ghdl, .compiler, .make, .python3:
      []
    }
  }

  /// The version that the folders of a vendor's program are named after; for a program that does not tell one.
  func version(inPath file: String) -> ToolVersion? {
    guard isVendorTool else { return nil }
    return file.split(separator: "/").reversed().lazy
      .compactMap { ToolVersion(ofRelease: String($0)) }.first
  }
}

extension ToolVersion {
  /// A release of AMD's, such as `2023.2` or `2023.2.2`; nil for other names.
  init?(ofRelease name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.count <= 3, parts[0].count == 4,
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } })
    else { return nil }
    self.init(name)
  }
}

extension String {
  /// Whether the program is the one that runs all modes of Vitis.
  var isVitisRun: Bool { split(separator: "/").last == "vitis-run" }
}
