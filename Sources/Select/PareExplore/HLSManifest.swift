public import PareHLS

/// `manifest.json` of a folder with HLS C++; `docs/design-folder.md` is the specification.
public struct HLSManifest: Hashable, Sendable, Codable {
  public let schemaVersion: Int
  public let kind: DesignManifest.Kind
  /// What the design was compiled with; the same source and options give the same files.
  public let options: HLSCompileOptions
  /// Name of the top function.
  public let top: String
  /// Sources of the design; the headers come before what includes them.
  public let files: [String]
  public let testbench: DesignManifest.Testbench
  /// The header of our own, scripts for the vendor's tool, and README.txt.
  public let project: [String]
  public let clockMHz: Double
  public let inputs: [DesignManifest.Port]
  public let outputs: [DesignManifest.Port]
  /// Calls from a sample to its result.
  public let lookAheadSamples: Int
  /// The directives of the preset for this very network.
  public let directives: Directives
  public let estimate: HLSEstimate
  public let source: String
  public let summary: String
  public let sourceHash: String
}
