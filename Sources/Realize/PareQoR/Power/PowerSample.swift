public import PareDatapath
import PareText
public import PareTools

/// A design whose power a report tells, with what switches in it.
public struct PowerSample: Hashable, Sendable {
  /// The report's, as a person would find it.
  public let name: String
  /// The maker's name of the part, where a report tells it.
  public let part: String?
  public let profile: SwitchingProfile
  public let clockHz: Double
  /// Watts part by part, where they are told; every part then, zero where the report has no row. Empty otherwise.
  public let parts: [PowerEstimate.Part: BoundedNumber]
  /// Dynamic watts of all that the model counts.
  public let dynamicW: Double

  /// A design of which only the whole is known.
  ///
  /// - Throws: ``QoRError`` with code `powerReportUnfit` for a clock or a power that no design has, and for a profile in which
  ///   nothing switches.
  public init(
    name: String, profile: SwitchingProfile, clockHz: Double, dynamicW: Double
  ) throws {
    try self.init(name, nil, profile, clockHz, parts: [:], dynamicW: dynamicW)
  }

  /// A design of which the parts are known; those that are not given are zero, and of a bound half is counted.
  ///
  /// - Throws: as the other.
  public init(
    name: String, profile: SwitchingProfile, clockHz: Double,
    parts: [PowerEstimate.Part: BoundedNumber]
  ) throws {
    let whole = PowerEstimate.Part.allCases.reduce(0) { $0 + (parts[$1]?.expected ?? 0) }
    try self.init(name, nil, profile, clockHz, parts: parts, dynamicW: whole)
  }

  /// A design of which Vivado has told the power.
  ///
  /// Its dynamic power is the report's without what the model does not count: I/O, block RAM, clock managers, processors.
  ///
  /// - Throws: as the others, and when no clock of the report is the one given, when the report knows only a bound of the
  ///   dynamic power, or when it has no row for a part that the profile has.
  public init(
    name: String, profile: SwitchingProfile, clockHz: Double, report: PowerReport
  ) throws {
    func fault(_ reason: String) -> QoRError { .unfit(name, reason) }
    guard clockHz > 0, clockHz.isFinite else { throw fault("a clock of \(clockHz) Hz") }
    // Periods are printed with one or more decimals.
    let period = 1e9 / clockHz
    guard
      report.clocks.isEmpty || report.clocks.contains(where: { abs($0.periodNs - period) < 0.051 })
    else {
      let known = report.clocks.map { "\($0.periodNs)" }.joined(separator: ", ")
      throw fault(
        "its clocks have periods of \(known) ns, not \(period.fixed(3)) ns as the clock given")
    }
    guard !report.dynamicW.isUpperBound else {
      throw fault("of the dynamic power it knows only that it is below \(report.dynamicW.value) W")
    }
    var parts: [PowerEstimate.Part: BoundedNumber] = [:]
    var others = 0.0
    for row in report.components where row.level == 0 {
      if let part = PowerEstimate.Part(component: row.name) {
        parts[part] = row.powerW
      } else if !["Static Power", "Total"].contains(row.name) {
        others += row.powerW.expected
      }
    }
    for part in PowerEstimate.Part.allCases where parts[part] == nil {
      guard PowerModel.Term.allCases.allSatisfy({ $0.part != part || $0.amount(in: profile) == 0 })
      else {
        throw fault(
          "it has no row '\(part.component)', but the profile counts some: they are of different designs"
        )
      }
    }
    try self.init(
      name, report.source.part, profile, clockHz, parts: parts,
      dynamicW: report.dynamicW.value - others)
  }

  private init(
    _ name: String, _ part: String?, _ profile: SwitchingProfile, _ clockHz: Double,
    parts: [PowerEstimate.Part: BoundedNumber], dynamicW: Double
  ) throws {
    func fault(_ reason: String) -> QoRError { .unfit(name, reason) }
    guard clockHz > 0, clockHz.isFinite else { throw fault("a clock of \(clockHz) Hz") }
    let amounts = PowerModel.Term.allCases.map { $0.amount(in: profile) }
    guard amounts.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw fault("the profile has a count below zero")
    }
    guard amounts.contains(where: { $0 > 0 }) else {
      throw fault("nothing switches in the profile")
    }
    guard dynamicW > 0, dynamicW.isFinite else {
      throw fault("it has no dynamic power of clocks, logic, signals and DSP blocks")
    }
    for part in PowerEstimate.Part.allCases {
      guard let value = parts[part]?.value else { continue }
      guard value >= 0, value.isFinite else { throw fault("\(value) W of \(part.component)") }
    }
    self.name = name
    self.part = part
    self.profile = profile
    self.clockHz = clockHz
    self.parts =
      parts.isEmpty
      ? [:]
      : parts.merging(PowerEstimate.Part.allCases.map { ($0, BoundedNumber(0)) }) { given, _ in
        given
      }
    self.dynamicW = dynamicW
  }
}

extension BoundedNumber {
  /// The number; half of what it is smaller than.
  var expected: Double { isUpperBound ? value / 2 : value }
}

extension PowerEstimate.Part {
  /// The row of Vivado's table of components.
  init?(component: String) {
    switch component {
    case "Clocks": self = .clock
    case "CLB Logic", "Slice Logic": self = .logic
    case "Signals": self = .signals
    case "DSPs": self = .dsp
    default: return nil
    }
  }

  fileprivate var component: String {
    switch self {
    case .clock: "Clocks"
    case .logic: "CLB Logic"
    case .signals: "Signals"
    case .dsp: "DSPs"
    }
  }
}

extension QoRError {
  static func unfit(_ path: String, _ reason: String) -> QoRError {
    QoRError(.powerReportUnfit(path: path, reason: reason))
  }
}
