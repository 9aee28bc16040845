public import PareHLS

/// How a model becomes HLS C++.
public struct HLSCompileOptions: Sendable, Hashable, Codable {
  /// Of the top function.
  public var name = "dpd"
  /// Full name of the device for the scripts.
  public var part = HLSOptions.standardPart
  public var clockMHz = 250.0
  /// Always `hls`: what tells this folder's manifest from one of RTL.
  public var language = Self.languageName
  public var form = HLSForm.unrolled
  /// One for all filters or one for each layer, the branch last; `auto` for the cheapest that the weights allow.
  public var fir = [FIRChoice.automatic]
  public var preset = DirectivePreset.throughput
  /// Multiplications per multiplier in place of the preset's own choice.
  public var reuseFactor: Int?
  /// Program and version.
  public var generator: String

  public init(generator: String) { self.generator = generator }

  public static let languageName = "hls"
}

/// A FIR version, or the choice of one by the weights.
public enum FIRChoice: String, Sendable, Hashable, Codable, CaseIterable {
  case automatic = "auto"
  case multiply
  case pot
  case apot

  public var kernel: FIRKernel? { FIRKernel(rawValue: rawValue) }
}
