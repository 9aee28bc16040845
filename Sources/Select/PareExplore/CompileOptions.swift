public import PareDatapath
import PareQoR
public import PareRTL
import PareText

/// How a source becomes hardware.
public struct CompileOptions: Sendable, Hashable, Codable {
  /// What multiplies by constants.
  public enum Multipliers: Hashable, Sendable, Codable {
    /// Shifted adders, shared.
    case shiftAdd
    /// A DSP block for each constant of the layers whose labels begin so; all layers when empty.
    case dsp(layers: [String])
  }

  /// Of the top module.
  public var name = "dpd"
  /// Names of devices, all of one family of logic; the first is the one that constraints and scripts are for.
  public var targets = ["zcu104"]
  /// The clock to pipeline for; nil puts a register behind every row of adders.
  public var clockMHz: Double?
  public var language = RTLLanguage.verilog
  public var effort = Effort.normal
  /// Of the solver's restarts.
  public var seed: UInt64 = 1
  /// Samples that come in, and results that go out, in one clock.
  public var samplesPerClock = 1
  public var multipliers = Multipliers.shiftAdd
  /// Program and version.
  public var generator: String

  public init(generator: String) { self.generator = generator }

  /// What tools are asked to reach when no clock was named.
  public static let defaultConstraintMHz = 200.0
  public static let samplesPerClockChoices = [1, 2, 4, 8]

  public var constraintMHz: Double { clockMHz ?? Self.defaultConstraintMHz }

  /// The family of all targets.
  ///
  /// - Throws: `QoRError` for an unknown device, ``ExploreError`` for devices of several families.
  public func family() throws -> LogicFamily {
    let devices = try targets.map { try Device(named: $0) }
    guard let family = devices.first?.logicFamily else {
      throw ExploreError(
        .option("target"), "there is no target", hint: "name a device", kind: .usage)
    }
    if let other = devices.first(where: { $0.logicFamily != family }) {
      throw ExploreError(
        .option("target"),
        "\(devices[0].name) and \(other.name) are built of different logic "
          + "(\(family.rawValue), \(other.logicFamily.rawValue))",
        hint:
          "compile once for each: --target \(devices[0].name) --out A; --target \(other.name) --out B",
        kind: .usage)
    }
    return family
  }
}
