public import PareDatapath
public import PareNumerics
public import PareRTL

/// `manifest.json`: what a design folder holds and how its hardware behaves, enough to build and check it without Pare.
/// `docs/design-folder.md` is the specification.
public struct DesignManifest: Hashable, Sendable, Codable {
  public static let currentSchema = 2

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
    /// Source files in compile order, to be read after the design.
    public let files: [String]
    /// Files that it reads from its working folder.
    public let vectors: [String]
    /// Clocks with samples that it feeds.
    public let sampleCount: Int
  }

  /// What the delay model of the family says; an estimate.
  public struct Timing: Hashable, Sendable, Codable {
    /// Clock that the slowest path allows.
    public let modelMHz: Double
    /// The clock that was asked for; absent when the design has a register behind every row.
    public let clockMHz: Double?
    /// Paths that are slower than the clock that was asked for, the slowest first.
    public let missed: [String]
  }

  public let schemaVersion: Int
  public let kind: Kind
  /// What the design was compiled with; the same source and options give the same files.
  public let options: CompileOptions
  /// What logic it is built of.
  public let family: LogicFamily
  /// Name of the top module.
  public let top: String
  /// Source files of the design in compile order.
  public let files: [String]
  public let testbench: Testbench
  /// Constraints, scripts for vendor tools, the stream wrapper and README.txt.
  public let project: [String]
  /// The clock that constraints ask for.
  public let clockMHz: Double
  public let inputs: [Port]
  public let outputs: [Port]
  /// Clocks with a sample from an input to its output, look-ahead included.
  public let latencyClocks: Int
  /// The part of it that the algorithm asks for, in samples; the rest are registers.
  public let lookAheadSamples: Int
  /// Flip-flops that the pipeline and the delay lines need.
  public let registerBits: Int
  public let statistics: DatapathStatistics
  public let timing: Timing
  /// What the model of cells says of the family, before synthesis: an estimate. Absent in folders of earlier versions.
  public let resources: ResourceEstimate?
  /// File in the folder that the design was compiled from, and that it must equal.
  public let source: String
  /// One line about the source.
  public let summary: String
  /// `StableHash` of the source's text, sixteen hexadecimal digits.
  public let sourceHash: String

  public var language: RTLLanguage { options.language }
  public var targets: [String] { options.targets }
  public var generator: String { options.generator }
}

extension DesignManifest.Timing {
  /// - Parameter clockMHz: the clock that was asked for.
  init(_ pipeline: PipelinedDatapath, clockMHz: Double?) {
    let report = pipeline.timing()
    let datapath = pipeline.datapath
    func name(_ wire: Wire) -> String {
      if case .input(let channel) = datapath[wire].op { return datapath.inputs[channel] }
      let label = datapath[wire].label
      return label.isEmpty ? "%\(wire.index)" : label
    }
    self.init(
      modelMHz: report.fmaxHz / 1e6, clockMHz: clockMHz,
      missed: report.missed.map { $0.description(naming: name) })
  }
}
