/// What was proven about the Verilog of a design, and what was only simulated; `verification.json`.
public struct Verification: Sendable, Hashable, Codable {
  public static let currentSchema = 1

  public enum Method: String, Sendable, Hashable, Codable {
    /// Every register between the block's streams and its result loads, for all values that they can have, what the
    /// graph says (by SAT); and the graph, multiplied out in integers, is the sum that was asked for.
    case composed
    /// The proof did not end in its time; the simulation alone speaks for the block.
    case simulated
    /// The proof did not end in its time, and nothing was simulated.
    case none
  }

  public enum Result: String, Sendable, Hashable, Codable { case proven, refuted, undecided }

  public struct Block: Sendable, Hashable, Codable {
    /// The label of the node before the solver touched it, or what a flag or port is called.
    public let name: String
    public internal(set) var method: Method
    public let result: Result
    /// Registers and ports that were looked at.
    public let signals: Int
    /// The register that does not load what it must, or has no such name; nil when there is none.
    public let faultySignal: String?
    /// Values of signals for which it does not.
    public let counterexample: [String: String]?
  }

  public struct Tool: Sendable, Hashable, Codable {
    public let name: String
    public let version: String

    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  public let schemaVersion: Int
  public let design: String
  public let tools: [Tool]
  public let blocks: [Block]
  /// Seconds that Yosys took.
  public let proofSeconds: Double
  /// Samples whose every output equalled the integer model; nil when nothing was simulated.
  public let simulatedSamples: Int?
  /// Name and samples of each stimulus.
  public let stimuli: [String]

  public var provenCount: Int { blocks.count { $0.result == .proven } }
  public var refuted: [Block] { blocks.filter { $0.result == .refuted } }
  /// Whether nothing was refuted.
  public var passed: Bool { refuted.isEmpty }
}
