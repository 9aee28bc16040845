public import PareText

/// Turns a design into a netlist of the cells of a family.
public protocol Synthesizer: Sendable {
  var tool: Tool { get }

  /// - Parameter folder: filled whole or not at all; what it held before is replaced.
  /// - Throws: ``ToolError`` when the tool fails or its output is not understood.
  func synthesize(
    _ bundle: SourceBundle, for target: SynthesisTarget, in folder: Folder,
    onProgress: ToolProgressHandler?
  ) async throws -> SynthesisResult
}

/// A family of parts, and what of it may be used.
public struct SynthesisTarget: Sendable, Hashable, Codable {
  public enum Family: String, Sendable, Hashable, Codable, CaseIterable {
    /// AMD UltraScale+.
    case xcup
    /// AMD 7-series.
    case xc7
    /// Lattice ECP5.
    case ecp5
  }

  public let family: Family
  /// Whether multiplications may become DSP blocks.
  public let usesDSP: Bool

  public init(_ family: Family, usesDSP: Bool = false) {
    self.family = family
    self.usesDSP = usesDSP
  }
}

/// A netlist, what it is made of, and how it came about.
public struct SynthesisResult: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let target: SynthesisTarget
  public let top: String
  public let counts: CellCounts
  public let tool: ToolName
  public let toolVersion: String
  /// What the numbers should be read with: an old tool, types of cells that are not known.
  public let warnings: [String]
  public let seconds: Double
  /// The netlist in the JSON form of Yosys.
  public let netlist: String
  public let log: String
}
