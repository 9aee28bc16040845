import Foundation
import Testing

/// `pare power`: estimates from profiles, energies from reports, and the way of fitted energies into an estimate.
@Suite struct PowerCommandTests {
  /// A profile whose clock power tells its flip-flops.
  private func profile(_ flipFlops: Int, lutToggles: Int = 0) -> String {
    """
    {"origin": "netlist", "clocks": 1000, "flipFlops": \(flipFlops), "shiftRegisterLUTs": 0, "dspBlocks": 0,
     "lutToggles": \(lutToggles), "netToggles": 0, "netLoadToggles": 0, "carryToggles": 0, "dspToggles": 0}
    """
  }

  private func report(_ clocks: String) -> String {
    """
    | Tool Version     : Vivado v.2023.1 (lin64) Build 1 Mon Jan  1 00:00:00 MST 2024
    | Command          : report_power -file p.rpt
    | Design           : dpd
    | Device           : xczu7ev-ffvc1156-2-e

    Power Report

    Table of Contents
    -----------------
    1. Summary
    1.1 On-Chip Components

    1. Summary
    ----------

    +---+---+
    | Total On-Chip Power (W) | 1 |
    | Dynamic (W) | \(clocks) |
    | Device Static (W) | 0.600 |
    | Junction Temperature (C) | 25.6 |
    | Confidence Level | High |
    +---+---+

    1.1 On-Chip Components
    ----------------------

    +---+---+---+---+---+
    | On-Chip | Power (W) | Used | Available | Utilization (%) |
    +---+---+---+---+---+
    | Clocks | \(clocks) | 1 | --- | --- |
    | Total | 1 | | | |
    +---+---+---+---+---+

    """
  }

  private func write(_ text: String, _ name: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `watts for a family with energies, ratios for one without`() throws {
    try withTemporaryFolder { folder in
      try write(profile(1000), "a.json", in: folder)
      try write(profile(2500), "b.json", in: folder)
      let known = try CommandLineTool.pare(
        "power", "estimate", "a.json", "b.json", "--clock", "200", in: folder)
      #expect(known.status == 0, "\(known.errors)")
      // 1000 flip-flops, 20, 36 and 42 fJ, 200 MHz.
      #expect(known.output.contains("dynamic, mW               4.00     7.20  8.40"))
      #expect(known.output.contains("XCZU7EV at 317 MHz"))
      let ranked = try object(
        CommandLineTool.pare(
          "power", "estimate", "a.json", "b.json", "--clock", "200", "--target", "ecp5", "--json",
          in: folder
        ).output)
      let designs = try #require(ranked["designs"] as? [[String: Any]])
      #expect(designs.map { $0["isRankingOnly"] as? Bool } == [true, true])
      #expect(designs.allSatisfy { $0["dynamicW"] == nil && $0["energyPerSampleJ"] == nil })
      #expect(abs(try #require(designs[1]["relativePower"] as? Double) - 2.5) < 1e-9)
    }
  }

  @Test func `energies that are fitted to reports are those of the next estimate`() throws {
    try withTemporaryFolder { folder in
      for (index, flipFlops) in [10_000, 20_000, 50_000].enumerated() {
        try write(profile(flipFlops), "p\(index).json", in: folder)
        // 25 fJ at 200 MHz: 5 uW for each.
        try write(report("\(Double(flipFlops) * 5e-6)"), "r\(index).rpt", in: folder)
      }
      let fitted = try CommandLineTool.pare(
        "power", "calibrate", "r0.rpt", "r1.rpt", "r2.rpt", "--design", "p0.json", "p1.json",
        "p2.json", "--clock", "200", "--out", "m.json", in: folder)
      #expect(fitted.status == 0, "\(fitted.errors)")
      #expect(fitted.output.contains("rank correlation 1.000"))
      #expect(fitted.output.contains("kept: no report tells of it"))
      let estimate = try object(
        CommandLineTool.pare(
          "power", "estimate", "p0.json", "--clock", "100", "--power-model", "m.json", "--json",
          in: folder
        ).output)
      let design = try #require((estimate["designs"] as? [[String: Any]])?.first)
      let watts = try #require((design["dynamicW"] as? [String: Any])?["typical"] as? Double)
      #expect(abs(watts / 0.025 - 1) < 1e-9)
      #expect((design["model"] as? String)?.hasPrefix("calibrated-") == true)
      // The file has a model of one family.
      let other = try CommandLineTool.pare(
        "power", "estimate", "p0.json", "--clock", "100", "--power-model", "m.json", "--target",
        "ecp5", in: folder)
      #expect(other.status == 65)
      #expect(other.errors.contains("error: m.json: has no model of ecp5"))
    }
  }

  @Test(arguments: [
    (["power", "estimate", "a.json"], 64, "a.json tells no clock"),
    (["power", "estimate", "no.json", "--clock", "200"], 65, "no.json: there is no such file"),
    (
      ["power", "estimate", "a.json", "--clock", "200", "--target", "generic"], 64, "generic is no"
    ),
    (
      ["power", "estimate", "a.json", "--clock", "200", "--power-model", "a.json"], 65,
      "a.json: the file has no 'schemaVersion'"
    ),
    (["power", "calibrate", "r.rpt"], 64, "--design or --list"),
    (["power", "calibrate", "r.rpt", "--design", "a", "b"], 64, "1 reports and 2 designs"),
    (["power", "calibrate", "--list", "a.json"], 65, "a.json: top level: unknown key"),
    (
      ["power", "calibrate", "--design", "here"], 65,
      "here: it has no power report of Vivado"
    ),
  ]) func `what cannot be done is said, and nothing is written`(
    arguments: [String], status: Int, words: String
  ) throws {
    try withTemporaryFolder { folder in
      try write(profile(1000), "a.json", in: folder)
      let run = try CommandLineTool.pare(arguments, in: folder)
      #expect(Int(run.status) == status, "\(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(
        !FileManager.default.fileExists(atPath: folder.appending(path: "power-model.json").path))
    }
  }
}
