/// Places and routes a netlist, once for each seed.
public protocol PlaceAndRoute: Sendable {
  var tool: Tool { get }

  /// - Parameter folder: filled whole or not at all; what it held before is replaced.
  /// - Throws: ``ToolError`` when the tool fails or its report is not understood.
  func placeAndRoute(
    _ synthesis: SynthesisResult, on part: ECP5Part, options: RoutingOptions, in folder: Folder,
    onProgress: ToolProgressHandler?
  ) async throws -> RoutedDesign

  /// Makes the bitstream of the best seed, in a folder that is there.
  ///
  /// - Parameter allowsHarness: whether a design in a serial harness is packed too, with the harness.
  /// - Throws: ``ToolError``, with code `designRejected` for a harness that is not allowed.
  func bitstream(
    of design: RoutedDesign, in folder: Folder, allowsHarness: Bool,
    onProgress: ToolProgressHandler?
  ) async throws -> Bitstream
}

/// A file that configures a device.
public struct Bitstream: Sendable, Hashable, Codable {
  /// Relative to the folder of the design, where a folder of results is known, else absolute.
  public let file: String
  public let bytes: Int
  /// The routed seed that it was packed from.
  public let seed: Int
  /// Whether the pins are those of the serial harness and not the design's ports.
  public let isHarness: Bool
  public let tool: ToolName
  public let toolVersion: String

  public init(
    file: String, bytes: Int, seed: Int, isHarness: Bool, tool: ToolName, toolVersion: String
  ) {
    self.file = file
    self.bytes = bytes
    self.seed = seed
    self.isHarness = isHarness
    self.tool = tool
    self.toolVersion = toolVersion
  }

  /// The same file under another name.
  public func named(_ file: String) -> Bitstream {
    Bitstream(
      file: file, bytes: bytes, seed: seed, isHarness: isHarness, tool: tool,
      toolVersion: toolVersion)
  }
}

public struct RoutingOptions: Sendable, Hashable, Codable {
  public enum Harness: String, Sendable, Hashable, Codable {
    /// Only when the design has more ports than the package has pins.
    case whenNeeded
    case always
  }

  /// The clock that the tool tries to reach; it goes on when it does not.
  public let frequencyMHz: Double
  /// One run for each; the results of a seed are repeatable.
  public let seeds: [Int]
  /// Runs at the same time.
  public let jobs: Int
  /// Port of the design that is its clock.
  public let clock: String
  public let harness: Harness
  public let bitstream: BitstreamChoice
  /// Lattice preferences (LPF) that put ports on pins; the tool chooses pins for ports that it does not name.
  public let pinConstraints: String?

  public enum BitstreamChoice: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// When the design's ports are on pins.
    case design
    /// Also of a design in a serial harness, with the harness.
    case harness
  }

  public init(
    frequencyMHz: Double = 200, seeds: [Int] = [1, 2, 3], jobs: Int = 2, clock: String = "clk",
    harness: Harness = .whenNeeded, bitstream: BitstreamChoice = .none,
    pinConstraints: String? = nil
  ) {
    precondition(frequencyMHz > 0, "clock of \(frequencyMHz) MHz")
    precondition(!seeds.isEmpty && Set(seeds).count == seeds.count, "seeds \(seeds)")
    precondition(jobs > 0, "\(jobs) jobs")
    self.frequencyMHz = frequencyMHz
    self.seeds = seeds
    self.jobs = jobs
    self.clock = clock
    self.harness = harness
    self.bitstream = bitstream
    self.pinConstraints = pinConstraints
  }
}

/// The outcome of one seed.
public struct RoutedSeed: Sendable, Hashable, Codable {
  public let seed: Int
  /// Absent when the design has no path between two registers.
  public let fmaxMHz: Double?
  public let criticalPath: CriticalPath?
  /// Cells of the device in use by kind, the harness included.
  public let used: [String: Int]
  public let available: [String: Int]
  public let seconds: Double
  public let report: String
  /// The routed design in text form, input of the bitstream tool.
  public let configuration: String
  public let log: String
}

/// Cells that the serial harness adds, and that are no part of the design.
public struct HarnessCounts: Sendable, Hashable, Codable {
  public let lut: Int
  public let ff: Int
}

/// The outcomes of all seeds.
public struct RoutedDesign: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let part: ECP5Part
  public let top: String
  public let constraintMHz: Double
  /// In the order asked for.
  public let seeds: [RoutedSeed]
  /// Nil when the design's ports are on pins.
  public let harness: HarnessCounts?
  public let tool: ToolName
  public let toolVersion: String
  public let warnings: [String]
  /// Wall-clock time of all seeds, of which several may have run at a time.
  public let seconds: Double

  /// The seed with the highest fmax; the first of equals.
  public var best: RoutedSeed {
    guard let first = seeds.first else { preconditionFailure("no seeds") }
    return seeds.dropFirst().reduce(first) { ($1.fmaxMHz ?? 0) > ($0.fmaxMHz ?? 0) ? $1 : $0 }
  }

  private var sorted: [Double] { seeds.compactMap(\.fmaxMHz).sorted() }

  public var medianMHz: Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The highest minus the lowest fmax.
  public var spreadMHz: Double? {
    guard let low = sorted.first, let high = sorted.last else { return nil }
    return high - low
  }

  /// LUTs of the design in the best seed, without the harness: TRELLIS_COMB, so a carry cell's two bits each count, and
  /// so do the feed-in and feed-out cells that packing adds to carry chains.
  public var lut: Int { (best.used["TRELLIS_COMB"] ?? 0) - (harness?.lut ?? 0) }
  public var ff: Int { (best.used["TRELLIS_FF"] ?? 0) - (harness?.ff ?? 0) }
  public var dsp: Int { best.used["MULT18X18D"] ?? 0 }
  public var bram: Int { best.used["DP16KD"] ?? 0 }
}
