import PareDatapath

/// The maker's program for a part.
enum VendorTool: Hashable {
  case vivado
  /// Lattice's for ECP5, which Radiant does not support.
  case diamond
  /// Lattice's for Nexus, Avant and iCE40 UltraPlus.
  case radiant

  /// By the beginning of the part's name; nil for a part of neither maker.
  init?(part: String) {
    let part = part.lowercased()
    func begins(_ starts: String...) -> Bool { starts.contains { part.hasPrefix($0) } }
    if begins("xc", "xq", "xa") {
      self = .vivado
    } else if begins("lfe5", "lae5") {
      self = .diamond
    } else if begins("lifcl", "lfd2nx", "lfcpnx", "lfmxo5", "lav-at", "ice40up") {
      self = .radiant
    } else {
      return nil
    }
  }

  /// Folder of its files.
  var folder: String {
    switch self {
    case .vivado: "vivado"
    case .diamond: "diamond"
    case .radiant: "radiant"
    }
  }

  var title: String {
    switch self {
    case .vivado: "AMD Vivado"
    case .diamond: "Lattice Diamond"
    case .radiant: "Lattice Radiant"
    }
  }

  var start: String {
    switch self {
    case .vivado: "vivado -mode batch -source vivado/project.tcl"
    case .diamond: "diamondc diamond/project.tcl"
    case .radiant: "radiantc radiant/project.tcl"
    }
  }
}
