public import PareDatapath
public import PareNumerics

/// `design.json`: what a design folder holds and how its hardware behaves.
public struct DesignManifest: Hashable, Sendable, Codable {
  public static let currentSchema = 1

  /// One port of the stream.
  public struct Port: Hashable, Sendable, Codable {
    public let name: String
    public let format: WordFormat
  }

  public let schemaVersion: Int
  /// Program and version that wrote the folder.
  public let generator: String
  /// Name of the top module.
  public let name: String
  /// File in the folder that the design was compiled from, and that it must equal.
  public let source: String
  /// One line about the source.
  public let summary: String
  /// Devices that it is meant for, as `pare implement` takes them.
  public let targets: [String]
  public let clockMHz: Double
  /// Verilog files in the order in which a tool should read them.
  public let rtl: [String]
  public let inputs: [Port]
  public let outputs: [Port]
  /// Accepted samples from an input to its output, look-ahead included.
  public let latencySamples: Int
  /// The part of it that the algorithm asks for.
  public let lookAheadSamples: Int
  /// The part of it that registers add.
  public let pipelineStages: Int
  /// Flip-flops that the pipeline and the delay lines need.
  public let registerBits: Int
  public let statistics: DatapathStatistics
}
