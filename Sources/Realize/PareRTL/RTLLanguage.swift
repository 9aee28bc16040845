import PareText

/// A language that designs are written in.
public enum RTLLanguage: String, Hashable, Sendable, Codable, CaseIterable {
  case verilog
  case vhdl

  /// Of a design's files, with the dot.
  public var fileExtension: String {
    switch self {
    case .verilog: ".v"
    case .vhdl: ".vhd"
    }
  }

  /// The language of a bundle: VHDL when its first file is.
  init(of bundle: SourceBundle) {
    self = bundle.design.first?.path.hasSuffix(Self.vhdl.fileExtension) == true ? .vhdl : .verilog
  }
}
