public import PareDatapath

/// What switching costs in a family of parts: energies with their ranges and sources, and static power of single parts.
///
/// The standard models are those of `power-models.json` in this module; `docs/guides/power.md` has their formula.
public struct PowerModel: Hashable, Sendable {
  /// What a design has of something, times an energy, is a term of its power.
  public enum Term: String, Hashable, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    /// Flip-flops and their share of the clock tree, each clock.
    case clock
    /// Toggles at LUT outputs.
    case lut
    /// Toggles of routed nets.
    case net
    /// The same, for each load.
    case netLoad
    /// Toggles of carry cells of eight bits.
    case carry
    /// LUTs that are shift registers, each clock.
    case shiftRegister
    /// DSP blocks, each clock.
    case dspIdle
    /// Toggles of DSP blocks, for each output bit.
    case dsp

    /// How much of it a design has per clock.
    func amount(in profile: SwitchingProfile) -> Double {
      switch self {
      case .clock: Double(profile.flipFlops)
      case .lut: profile.lutToggles
      case .net: profile.netToggles
      case .netLoad: profile.netLoadToggles
      case .carry: profile.carryToggles
      case .shiftRegister: Double(profile.shiftRegisterLUTs)
      case .dspIdle: Double(profile.dspBlocks)
      case .dsp: profile.dspToggles
      }
    }

    /// The part of the power that it belongs to.
    var part: PowerEstimate.Part {
      switch self {
      case .clock, .shiftRegister: .clock
      case .lut, .carry: .logic
      case .net, .netLoad: .signals
      case .dspIdle, .dsp: .dsp
      }
    }
  }

  /// An energy, or a static power, with where it comes from.
  public struct Coefficient: Hashable, Sendable {
    public let value: Bounded
    public let unit: String
    public let source: String

    public init(_ value: Bounded, unit: String, source: String) {
      self.value = value
      self.unit = unit
      self.source = source
    }
  }

  public let family: LogicFamily
  /// Of the data.
  public let version: String
  /// Joules.
  public let energies: [Term: Coefficient]
  /// Watts by the maker's part name.
  public let staticW: [String: Coefficient]
  /// Whether watts mean nothing, and only ratios of designs of the family do; then ``caveat`` says why.
  public let isRankingOnly: Bool
  public let caveat: String?

  init(
    family: LogicFamily, version: String, energies: [Term: Coefficient],
    staticW: [String: Coefficient], isRankingOnly: Bool, caveat: String?
  ) {
    precondition(energies.count == Term.allCases.count, "terms \(energies.keys)")
    self.family = family
    self.version = version
    self.energies = energies
    self.staticW = staticW
    self.isRankingOnly = isRankingOnly
    self.caveat = caveat
  }

  /// The model of a family; nil where nothing is known, not even to rank designs.
  public static func standard(for family: LogicFamily) -> PowerModel? {
    standardFile.models.first { $0.family == family }
  }

  private static let standardFile: PowerModelFile = {
    do {
      return try PowerModelFile(
        json: PackageResources.power_models_json, file: "power-models.json")
    } catch {
      preconditionFailure("the built-in power models: \(error)")
    }
  }()

  /// The power of a design that switches so, each clock.
  ///
  /// - Parameters:
  ///   - clockHz: clocks per second.
  ///   - samplesPerClock: samples that each clock takes in, for the energy of one.
  ///   - device: for static power; nil leaves it out.
  public func estimate(
    _ profile: SwitchingProfile, clockHz: Double, samplesPerClock: Int, device: Device?
  ) -> PowerEstimate {
    precondition(clockHz > 0 && clockHz.isFinite, "a clock of \(clockHz) Hz")
    precondition(samplesPerClock > 0, "\(samplesPerClock) samples per clock")
    var parts: [PowerEstimate.Part: Bounded] = [:]
    for part in PowerEstimate.Part.allCases { parts[part] = .zero }
    for term in Term.allCases {
      guard let energy = energies[term] else { preconditionFailure("no energy of \(term)") }
      let power = energy.value * (term.amount(in: profile) * clockHz)
      parts[term.part] = parts[term.part, default: .zero] + power
    }
    return PowerEstimate(
      parts: parts, staticPower: device.flatMap { staticW[$0.part]?.value }, clockHz: clockHz,
      samplesPerClock: samplesPerClock, origin: profile.origin, model: self)
  }
}
