public import PareDatapath
import PareNumerics
import PareQoR
import PareRTL
import PareText
public import PareTools

/// A netlist of the sources in a design folder, and what made it.
public struct DesignNetlist: Sendable, Hashable {
  /// Path of the file in the JSON form of Yosys.
  public let file: String
  public let target: SynthesisTarget
  /// Name and version of the synthesizer; the version is nil where a folder does not tell.
  public let tool: String
  public let toolVersion: String?
  /// Whether `implement` had left it.
  public let wasThere: Bool
}

extension DesignFolder {
  /// The netlist that `implement` has left, if it is of the sources as they stand now.
  public func implementedNetlist(for family: SynthesisTarget.Family) throws -> DesignNetlist? {
    let folder = Folder("\(path)/synth/synth-\(family.rawValue)")
    guard folder.has("netlist.json") else { return nil }
    // Synthesis keeps what it has read beside what it wrote.
    for file in try rtl().design {
      guard folder.has(file.path), try TextFile.read(folder.file(file.path)) == file.text else {
        return nil
      }
    }
    struct Stage: Decodable {
      struct Result: Decodable {
        let tool: String
        let toolVersion: String
      }
      let result: Result
    }
    var made: Stage.Result?
    if folder.has("result.json") {
      let file = folder.file("result.json")
      made = try JSONText.decode(Stage.self, from: TextFile.read(file), file: file).result
    }
    return DesignNetlist(
      file: folder.file("netlist.json"), target: synthesisTarget(family),
      tool: made?.tool ?? "yosys", toolVersion: made?.toolVersion, wasThere: true)
  }

  /// That netlist, or one made now in `netlist-FAMILY`.
  ///
  /// - Throws: ``ExploreError`` for a design in VHDL, `ToolError` when Yosys is missing or fails.
  public func netlist(
    for family: SynthesisTarget.Family, onProgress: ToolProgressHandler? = nil
  ) async throws -> DesignNetlist {
    guard manifest.language == .verilog else {
      throw ExploreError(
        .designFolder(path: path), "\(path): the open tools read Verilog, and this design is VHDL",
        hint: "compile it again with --language verilog", kind: .usage)
    }
    if let found = try implementedNetlist(for: family) { return found }
    let result = try await YosysSynthesizer().synthesize(
      rtl(), for: synthesisTarget(family), in: Folder("\(path)/netlist-\(family.rawValue)"),
      onProgress: onProgress)
    return DesignNetlist(
      file: result.netlist, target: result.target, tool: result.tool.rawValue,
      toolVersion: result.toolVersion, wasThere: false)
  }

  private func synthesisTarget(_ family: SynthesisTarget.Family) -> SynthesisTarget {
    SynthesisTarget(family, usesDSP: manifest.statistics.multiplyCount > 0)
  }
}

/// `netlist-check.json`: what a netlist was compared on.
public struct NetlistCheckRecord: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let design: String
  /// Family of parts.
  public let family: SynthesisTarget.Family
  public let usesDSP: Bool
  public let synthesizer: String
  public let synthesizerVersion: String?
  /// `StableHash` of the netlist's file and of the sources that it is of, sixteen hexadecimal digits.
  public let netlistHash: String
  public let sourceHash: String
  public let samples: Int
  public let stimuli: [String]
  public let activityStimulus: String
  public let settled: SwitchingProfile
  public let unitDelay: SwitchingProfile?
  /// Units of delay of the slowest net.
  public let depth: Int
  public let samplesPerSecond: Double

  public init(
    _ check: NetlistCheck, of netlist: DesignNetlist, design: DesignFolder
  ) throws {
    schemaVersion = 1
    self.design = design.manifest.top
    family = netlist.target.family
    usesDSP = netlist.target.usesDSP
    synthesizer = netlist.tool
    synthesizerVersion = netlist.toolVersion
    netlistHash = DesignFolder.hash(try TextFile.read(netlist.file))
    sourceHash = DesignFolder.hash(
      try design.rtl().design.map { "\($0.path)\n\($0.text)" }.joined(separator: "\n"))
    samples = check.samples
    stimuli = check.stimuli
    activityStimulus = check.activityStimulus
    settled = check.settled
    unitDelay = check.unitDelay
    depth = check.depth
    samplesPerSecond = check.samplesPerSecond
  }
}
