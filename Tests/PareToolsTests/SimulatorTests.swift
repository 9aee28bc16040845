import PareText
import Testing

@testable import PareTools

@Suite struct SimulatorTests {
  @Test func `Verilator passes a right design, reading vectors from its folder`() async throws {
    try await withScratch { folder in
      let result = try await VerilatorSimulator().simulate(
        Designs.adder(width: 16), in: folder.folder("sim"))
      #expect(result.passed)
      #expect(result.report.samples == 5)
      #expect(result.report.firstMismatch == nil)
      #expect(result.tool == .verilator)
      #expect(result.buildSeconds > 0)
      #expect(folder.has("sim/simulate.log"))
      #expect(!folder.has("sim.part"))
      #expect(result.log == folder.file("sim/simulate.log"))
    }
  }

  @Test func `Verilator names the first bad sample of a wrong design`() async throws {
    try await withScratch { folder in
      let result = try await VerilatorSimulator().simulate(
        Designs.wrongAdder(width: 16), in: folder.folder("sim"))
      #expect(!result.passed)
      #expect(result.report.mismatchCount == 5)
      #expect(
        result.report.firstMismatch
          == SimulationReport.Mismatch(
            segment: 0, sample: 0, port: "y", expected: "-32768", got: "-32766"))
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
    "MISMATCH at sample 3\nFAIL mismatches 1", "PROTOCOL\nFAIL mismatches 1", "FAIL mismatches 1\nFAIL mismatches 1",
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
