public import PareDatapath
public import PareNumerics

/// `manifest.json`: what a design folder holds and how its hardware behaves, enough to build and check it without Pare.
/// `docs/design-folder.md` is the specification.
public struct DesignManifest: Hashable, Sendable, Codable {
  public static let currentSchema = 1

  /// What the design is made from.
  public enum Kind: String, Hashable, Sendable, Codable {
    case network
    case filterBank
  }

  /// One port of the stream.
  public struct Port: Hashable, Sendable, Codable {
    public let name: String
    public let format: WordFormat
  }

  /// The self-checking testbench that comes with a design.
  public struct Testbench: Hashable, Sendable, Codable {
    /// Name of its top module.
    public let top: String
    /// Verilog files in compile order, to be read after the design.
    public let files: [String]
    /// Files that it reads from its working folder.
    public let vectors: [String]
    /// Samples that it feeds.
    public let sampleCount: Int
  }

  public let schemaVersion: Int
  public let kind: Kind
  /// Program and version that wrote the folder.
  public let generator: String
  /// Name of the top module.
  public let top: String
  public let language: String
  /// Verilog files of the design in compile order.
  public let files: [String]
  public let testbench: Testbench
  /// Devices that it is meant for, as `pare implement` takes them.
  public let targets: [String]
  public let clockMHz: Double
  public let inputs: [Port]
  public let outputs: [Port]
  /// Accepted samples (clocks, at one sample a clock) from an input to its output, look-ahead included.
  public let latencyClocks: Int
  /// The part of it that the algorithm asks for; the rest are registers.
  public let lookAheadSamples: Int
  /// Flip-flops that the pipeline and the delay lines need.
  public let registerBits: Int
  public let statistics: DatapathStatistics
  /// File in the folder that the design was compiled from, and that it must equal.
  public let source: String
  /// One line about the source.
  public let summary: String
  /// `StableHash` of the source's text, sixteen hexadecimal digits.
  public let sourceHash: String
}
