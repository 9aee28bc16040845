import PareDatapath
import PareText
import PareTools

/// A power report with the profile of the design that it is about.
///
/// Two files are tied by a person, in a list or on the command line: nothing in a report tells which netlist it is of but the name
/// of the top module, which is `dpd` in most.
public struct PowerPair: Hashable, Sendable {
  /// Path of a `report_power` of Vivado.
  public let report: String
  /// Path of a `SwitchingProfile`, of a `netlist-check.json`, or of the design folder that has one.
  public let profile: String
  /// Nil for the clock of the report, which then must have one and no more.
  public let clockHz: Double?
  public let toggles: CountedToggles

  public init(
    report: String, profile: String, clockHz: Double? = nil, toggles: CountedToggles = .settled
  ) {
    self.report = report
    self.profile = profile
    self.clockHz = clockHz
    self.toggles = toggles
  }

  /// The report that Vivado has left in a design folder, for the only part that it was run for.
  ///
  /// - Parameter design: a folder on which `pare implement --toolchain vivado` and `pare simulate --netlist` were run.
  /// - Throws: ``QoRError`` with code `powerReportUnfit` when there is none, or there are several.
  public init(
    design: String, clockHz: Double? = nil, toggles: CountedToggles = .settled
  ) throws {
    let stages = Folder(design).folder("synth")
    let reports = try stages.folders(startingWith: "vivado-")
      .map { stages.file("\($0)/reports/power_route.rpt") }
      .filter { Folder($0).exists }
    guard let report = reports.first else {
      throw QoRError.unfit(design, "it has no power report of Vivado in synth/vivado-PART/reports")
    }
    guard reports.count == 1 else {
      throw QoRError.unfit(
        design, "it has power reports of \(reports.count) parts; name the one that is meant")
    }
    self.init(report: report, profile: design, clockHz: clockHz, toggles: toggles)
  }

  /// Reads both files.
  ///
  /// - Parameter name: of the sample, and what to blame in an error; the report's path unless given.
  /// - Throws: ``QoRError`` with code `powerReportUnfit`, or `profileUnreadable`.
  public func sample(name: String? = nil) throws -> PowerSample {
    let name = name ?? report
    let parsed: VendorReport
    do {
      parsed = try VendorReport(contentsOf: report)
    } catch let error as any PareError {
      throw QoRError.unfit(name, error.message.replacing("\(report): ", with: ""))
    }
    guard case .power(let power) = parsed else {
      throw QoRError.unfit(name, "it is a \(parsed.kind.title), which has no power")
    }
    return try PowerSample(
      name: name, profile: SwitchingProfile(contentsOf: profile, toggles: toggles),
      clockHz: clockHz ?? power.onlyClockHz(name), report: power)
  }
}

extension PowerReport {
  fileprivate func onlyClockHz(_ name: String) throws -> Double {
    guard let clock = clocks.first, clocks.count == 1, clock.periodNs > 0 else {
      throw QoRError.unfit(
        name,
        clocks.isEmpty
          ? "it tells no clock, and none is given"
          : "it has \(clocks.count) clocks, and none is given")
    }
    return 1e9 / clock.periodNs
  }
}
