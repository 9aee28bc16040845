import Foundation
import PareText
import Testing

@testable import PareTools

@Suite struct SimulatorTests {
  @Test func `Verilator passes a right design and names the first bad sample of a wrong one`()
    async throws
  {
    try await withScratch { folder in
      let cache = try CacheFolder(variables: ["PARE_CACHE": folder.file("cache")])
      let simulator = try await VerilatorSimulator(cache: cache)
      let right = try await simulator.simulate(
        Designs.adder(width: 16), in: folder.folder("right"))
      #expect(right.passed)
      #expect(right.report.samples == 5)
      #expect(right.report.firstMismatch == nil)
      #expect(right.tool == .verilator)
      #expect(right.buildSeconds > 0)
      #expect(folder.has("right/simulate.log") && !folder.has("right.part"))
      #expect(right.log == folder.file("right/simulate.log"))
      #expect(compiled("verilated.cpp", in: folder.folder("right")))

      // The run-time library of the first build serves the second one.
      let wrong = try await simulator.simulate(
        Designs.wrongAdder(width: 16), in: folder.folder("wrong"))
      #expect(!compiled("verilated.cpp", in: folder.folder("wrong")))
      #expect(!wrong.passed)
      #expect(wrong.report.mismatchCount == 5)
      #expect(
        wrong.report.firstMismatch
          == SimulationReport.Mismatch(
            segment: 0, sample: 0, port: "y", expected: "-32768", got: "-32766"))
    }
  }

  private func compiled(_ source: String, in folder: Folder) -> Bool {
    guard let log = try? folder.read("build.log") else { return false }
    return String(decoding: log, as: UTF8.self).contains("/" + source)
  }

  @Test func `Verilator builds a design that takes several files of C++`() async throws {
    try await withScratch { folder in
      let simulator = try await VerilatorSimulator(outputSplit: 1)
      let result = try await simulator.simulate(
        Designs.adder(width: 16), in: folder.folder("split"))
      #expect(result.passed)
      // Else the design came in one file, and nothing was tried.
      let header = folder.file("split/obj/Vtb_adder__pch.h.fast.gch")
      #expect(Folder(header).exists)
    }
  }

  @Test func `a lint warning in the design stops the simulation with the tool's words`()
    async throws
  {
    try await withScratch { folder in
      let bundle = SourceBundle(
        top: "latch",
        design: [
          SourceFile(
            path: "latch.v",
            text: """
              module latch(input g, input d, output reg q);
                always @(*) if (g) q = d;
              endmodule

              """)
        ])
      let error = try await #require(throws: ToolError.self) {
        try await VerilatorSimulator().simulate(bundle, in: folder.folder("sim"))
      }
      guard case .toolFailed(let failure) = error.code else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(failure.log.hasSuffix("lint.log"))
      #expect(Folder(failure.log).exists)
      #expect(failure.lastLines.contains { $0.contains("LATCH") })
    }
  }

  @Test func `GHDL passes a right design and names the first bad sample of a wrong one`()
    async throws
  {
    let found = try await Doctor().findings.first { $0.name == .ghdl }
    guard found?.version != nil else {
      let error = try await #require(throws: ToolError.self) { try await GHDLSimulator() }
      #expect(error.hint.contains("ghdl"))
      #expect(
        ProcessInfo.processInfo.environment["PARE_REQUIRE_GHDL"] != "1",
        "PARE_REQUIRE_GHDL is 1, and there is no ghdl")
      return
    }
    try await withScratch { folder in
      let simulator = try await GHDLSimulator()
      let right = try await simulator.simulate(
        Designs.vhdlAdder(sum: "a + b"), in: folder.folder("right"))
      #expect(right.passed && right.report.samples == 5)
      #expect(right.tool == .ghdl)
      let wrong = try await simulator.simulate(
        Designs.vhdlAdder(sum: "a - b"), in: folder.folder("wrong"))
      #expect(wrong.report.mismatchCount == 5)
      #expect(
        wrong.report.firstMismatch
          == SimulationReport.Mismatch(
            segment: 0, sample: 0, port: "y", expected: "3", got: "-3"))
      let broken = try await #require(throws: ToolError.self) {
        try await simulator.simulate(
          Designs.vhdlAdder(sum: "a plus b"), in: folder.folder("broken"))
      }
      guard case .toolFailed(let failure) = broken.code else {
        Issue.record("unexpected \(broken)")
        return
      }
      #expect(failure.lastLines.contains { $0.contains("adder.vhd:") })
    }
  }

  // MARK: The verdict

  @Test func `the first mismatch is kept and the verdict counts the rest`() throws {
    let report = try SimulationReport(
      parsing: """
        - Verilator talk
        MISMATCH segment 1 sample 17 port y0 expected -5 got x
        MISMATCH segment 1 sample 18 port y1 expected 4 got 5
        FAIL mismatches 12
        tb.v:9: $finish called
        """, from: "log")
    #expect(!report.passed)
    #expect(report.mismatchCount == 12)
    #expect(report.samples == nil)
    #expect(
      report.firstMismatch
        == SimulationReport.Mismatch(segment: 1, sample: 17, port: "y0", expected: "-5", got: "x"))
  }

  @Test func `a wrong handshake is a mismatch of its port`() throws {
    let report = try SimulationReport(
      parsing: "PROTOCOL segment 0 sample -3 out_valid expected 0 got x\nFAIL mismatches 2\n",
      from: "log")
    #expect(
      report.firstMismatch
        == SimulationReport.Mismatch(
          segment: 0, sample: -3, port: "out_valid", expected: "0", got: "x"))
  }

  @Test(arguments: [
    "", "PASS\n", "PASS samples many", "PASS samples 0", "FAIL mismatches 0",
    "PASS samples 4\nPASS samples 4", "PASS samples 4\nFAIL mismatches 1",
    "MISMATCH segment 0 sample 1 port y expected 1 got 2\nPASS samples 4",
    "MISMATCH at sample 3\nFAIL mismatches 1", "PROTOCOL\nFAIL mismatches 1",
    "FAIL mismatches 1\nFAIL mismatches 1",
  ])
  func `output without one clear verdict is an error, never a pass`(text: String) {
    #expect(throws: ToolError.self) { try SimulationReport(parsing: text, from: "log") }
  }

  @Test func `Icarus agrees with Verilator when it is installed, and is named when it is not`()
    async throws
  {
    let found = try await Doctor().findings.first { $0.name == .iverilog }
    if found?.version != nil {
      try await withScratch { folder in
        let simulator = try await IcarusSimulator()
        let right = try await simulator.simulate(
          Designs.adder(width: 16), in: folder.folder("right"))
        #expect(right.passed && right.report.samples == 5)
        let wrong = try await simulator.simulate(
          Designs.wrongAdder(width: 16), in: folder.folder("wrong"))
        #expect(wrong.report.mismatchCount == 5)
        #expect(wrong.report.firstMismatch?.got == "-32766")
      }
    } else {
      let error = try await #require(throws: ToolError.self) { try await IcarusSimulator() }
      #expect(error.hint.contains("iverilog"))
    }
  }
}
