import Foundation
import PareDatapath
import PareNumerics
import PareText
import PareTools
import Testing

@testable import PareQoR

@Suite struct PowerPairTests {
  /// A report in the shape that Vivado prints, three decimals.
  private func report(
    _ parts: [(String, Double)], periods: [Double] = [4], others: [(String, Double)] = [],
    dynamic: String? = nil
  ) -> String {
    let rows = (parts + others).map { "| \($0.0) | \($0.1.fixed(3)) | 1 | --- | --- |" }
    let sum = (parts + others).reduce(0) { $0 + $1.1 }
    let clocks = periods.enumerated().map {
      "| clk\($0.offset) | clk\($0.offset) | \($0.element) |"
    }
    return """
      ----
      | Tool Version     : Vivado v.2023.1 (lin64) Build 1 Mon Jan  1 00:00:00 MST 2024
      | Command          : report_power -file p.rpt
      | Design           : dpd
      | Device           : xczu7ev-ffvc1156-2-e
      | Design State     : routed
      ----

      Power Report

      Table of Contents
      -----------------
      1. Summary
      1.1 On-Chip Components
      2. Settings
      2.2 Clock Constraints

      1. Summary
      ----------

      +---+---+
      | Total On-Chip Power (W) | \((sum + 0.6).fixed(3)) |
      | Dynamic (W) | \(dynamic ?? sum.fixed(3)) |
      | Device Static (W) | 0.600 |
      | Junction Temperature (C) | 25.6 |
      | Confidence Level | High |
      +---+---+

      1.1 On-Chip Components
      ----------------------

      +---+---+---+---+---+
      | On-Chip | Power (W) | Used | Available | Utilization (%) |
      +---+---+---+---+---+
      \(rows.joined(separator: "\n"))
      | Static Power | 0.600 | | | |
      | Total | \((sum + 0.6).fixed(3)) | | | |
      +---+---+---+---+---+

      2. Settings
      -----------

      2.2 Clock Constraints
      ---------------------

      +---+---+---+
      | Clock | Domain | Constraint (ns) |
      +---+---+---+
      \(clocks.joined(separator: "\n"))
      +---+---+---+

      """
  }

  private func profile(_ seed: Int) -> SwitchingProfile {
    var stream = RandomStream(seed: UInt64(seed)).fork("pair")
    var profile = SwitchingProfile(origin: .netlist, clocks: 1000)
    profile.flipFlops = 20_000 + stream.index(below: 80_000)
    profile.lutToggles = 10_000 + 40_000 * stream.uniform()
    profile.carryToggles = profile.lutToggles * (0.02 + 0.1 * stream.uniform())
    profile.netToggles = 20_000 + 60_000 * stream.uniform()
    profile.netLoadToggles = profile.netToggles * (1.5 + 2 * stream.uniform())
    return profile
  }

  private let known: [PowerModel.Term: Double] = [
    .clock: 31e-15, .lut: 90e-15, .net: 75e-15, .netLoad: 28e-15, .carry: 900e-15,
  ]

  private func watts(_ profile: SwitchingProfile, _ part: PowerEstimate.Part) -> Double {
    known.filter { $0.key.part == part }.sorted { $0.key.rawValue < $1.key.rawValue }
      .reduce(0) { $0 + $1.key.amount(in: profile) * $1.value * 250e6 }
  }

  private func parts(_ profile: SwitchingProfile) -> [(String, Double)] {
    [
      ("Clocks", watts(profile, .clock)), ("CLB Logic", watts(profile, .logic)),
      ("Signals", watts(profile, .signals)),
    ]
  }

  private func inScratch(_ work: (Folder) throws -> Void) throws {
    let folder = Folder(scratchPath())
    try folder.create()
    defer { try? folder.remove() }
    try work(folder)
  }

  private func reason(_ work: () throws -> Void) -> String? {
    #expect(throws: QoRError.self) { try work() }?.message
  }

  @Test func `energies come back from reports and profiles on disk, through a list`() throws {
    try inScratch { folder in
      var pairs: [String] = []
      for seed in 0..<8 {
        let place = folder.folder("d\(seed)")
        try place.create()
        // I/O and clock managers are the design's neighbours; the model does not count them.
        try place.write(
          report(parts(profile(seed)), others: [("MMCM", 0.1), ("I/O", 0.02)]), to: "power.rpt")
        try place.write(JSONText.encode(profile(seed)), to: "profile.json")
        pairs.append(#"{"report": "d\#(seed)/power.rpt", "profile": "d\#(seed)/profile.json"}"#)
      }
      try folder.write(
        #"{"schemaVersion": 1, "pairs": [\#(pairs.joined(separator: ", "))]}"#,
        to: "calibration.json")
      let list = try PowerPair.list(contentsOf: folder.file("calibration.json"))
      let calibration = try PowerCalibration(list.map { try $0.sample() }, for: .ultraScalePlus)
      #expect(
        calibration.kept.keys.sorted { $0.rawValue < $1.rawValue }.map(\.rawValue) == [
          "dsp", "dspIdle", "shiftRegister",
        ])
      for (term, energy) in known {
        // Parts of 0.2 to 3 W are printed to a milliwatt: half a percent of the smallest, a little more where two terms share it.
        #expect(abs(calibration.model.joules(of: term) / energy - 1) < 0.02, "\(term)")
      }
      #expect(calibration.worstHeldOutError < 0.01)
      #expect(calibration.rankCorrelation == 1)
    }
  }

  @Test func `of a netlist's check the count that is asked for is read, from its folder too`()
    throws
  {
    try inScratch { folder in
      var delayed = profile(1)
      delayed.origin = .netlistUnitDelay
      delayed.lutToggles *= 2
      func object(_ profile: SwitchingProfile) -> String { JSONText.encode(profile) }
      try folder.write(
        #"{"settled": \#(object(profile(1))), "unitDelay": \#(object(delayed)), "samples": 3}"#,
        to: "netlist-check.json")
      #expect(try SwitchingProfile(contentsOf: folder.path) == profile(1))
      #expect(
        try SwitchingProfile(contentsOf: folder.file("netlist-check.json"), toggles: .unitDelay)
          == delayed)
      #expect(try SwitchingProfile(contentsOf: folder.path, toggles: nil) == delayed)
      try folder.write(#"{"settled": \#(object(profile(1)))}"#, to: "netlist-check.json")
      #expect(try SwitchingProfile(contentsOf: folder.path, toggles: nil) == profile(1))
      let file = folder.file("netlist-check.json")
      #expect(
        reason { _ = try SwitchingProfile(contentsOf: folder.path, toggles: .unitDelay) }
          == "\(file): it has no toggles of 'unitDelay'")
      var broken = profile(1)
      broken.netToggles = -1
      try folder.write(object(broken), to: "bare.json")
      let bare = folder.file("bare.json")
      #expect(
        reason { _ = try SwitchingProfile(contentsOf: bare) } == "\(bare): an amount of -1.0")
      #expect(
        reason { _ = try SwitchingProfile(contentsOf: folder.file("no.json")) }
          == "\(folder.file("no.json")): there is no such file")
      try folder.write("{}", to: "bare.json")
      #expect(reason { _ = try SwitchingProfile(contentsOf: bare) }?.hasPrefix(bare) == true)
    }
  }

  @Test func `a design folder with reports of one part is a pair of its own`() throws {
    try inScratch { folder in
      #expect(
        reason { _ = try PowerPair(design: folder.path) }
          == "\(folder.path): it has no power report of Vivado in synth/vivado-PART/reports")
      for part in ["zcu104", "xczu9eg"] {
        let place = folder.folder("synth/vivado-\(part)/reports")
        try place.create()
        try place.write(report(parts(profile(2))), to: "power_route.rpt")
        if part == "zcu104" {
          try folder.write(JSONText.encode(profile(2)), to: "netlist-check.json")
          let sample = try PowerPair(design: folder.path).sample()
          #expect(sample.clockHz == 250e6)
          #expect(sample.profile == profile(2))
        }
      }
      #expect(reason { _ = try PowerPair(design: folder.path) }?.contains("2 parts") == true)
    }
  }

  @Test func `what does not belong together is refused`() throws {
    try inScratch { folder in
      let profileFile = folder.file("profile.json")
      try folder.write(JSONText.encode(profile(3)), to: "profile.json")
      func reason(_ text: String, _ clockHz: Double? = nil) throws -> String? {
        try folder.write(text, to: "r.rpt")
        let pair = PowerPair(
          report: folder.file("r.rpt"), profile: profileFile, clockHz: clockHz)
        return self.reason { _ = try pair.sample(name: "r") }
      }
      let parts = parts(profile(3))
      #expect(
        try reason(report(parts, periods: [4, 8])) == "r: it has 2 clocks, and none is given")
      #expect(
        try reason(report(parts), 100e6)
          == "r: its clocks have periods of 4.0 ns, not 10.000 ns as the clock given")
      #expect(
        try reason(report(Array(parts.dropLast())))
          == "r: it has no row 'Signals', but the profile counts some: they are of different designs"
      )
      #expect(
        try reason(report(parts, dynamic: "<0.001"))
          == "r: of the dynamic power it knows only that it is below 0.001 W")
      #expect(try reason("no report") != nil)
    }
  }

  @Test(arguments: [
    (#"{"schemaVersion": 2, "pairs": []}"#, "schema version 2 is not known, only 1"),
    (#"{"schemaVersion": 1}"#, nil),
    (
      #"{"schemaVersion": 1, "pairs": [{"report": "a", "profile": "b", "clock": 1}]}"#,
      "pair 1: unknown key 'clock'; known: report, profile, clockMHz, toggles"
    ),
    (
      #"{"schemaVersion": 1, "pairs": [], "colour": 1}"#,
      "top level: unknown key 'colour'; known: schemaVersion, pairs"
    ),
    (
      #"{"schemaVersion": 1, "pairs": [{"report": "a", "profile": "b", "toggles": "all"}]}"#, nil
    ),
  ]) func `a bad list is refused with the place`(text: String, words: String?) throws {
    try inScratch { folder in
      try folder.write(text, to: "c.json")
      let path = folder.file("c.json")
      let message = reason { _ = try PowerPair.list(contentsOf: path) }
      #expect(message?.hasPrefix("\(path): ") == true)
      if let words { #expect(message == "\(path): \(words)") }
    }
  }

  @Test func `a clock in a list that no design has names its pair`() throws {
    try inScratch { folder in
      try folder.write(
        #"{"schemaVersion": 1, "pairs": [{"report": "a", "profile": "b", "clockMHz": 0}]}"#,
        to: "c.json")
      let path = folder.file("c.json")
      #expect(
        reason { _ = try PowerPair.list(contentsOf: path) }
          == "\(path), pair 1: a clock of 0.0 MHz")
    }
  }
}
