import PareText
import Testing

@testable import PareTools

@Suite struct SynthesisTests {
  @Test func `a 32-bit adder on UltraScale+ is 8 CARRY4, that is 4 CARRY8`() async throws {
    try await withScratch { folder in
      let result = try await YosysSynthesizer().synthesize(
        Designs.adder(width: 32), for: SynthesisTarget(.xcup), in: folder.folder("s"))
      let counts = result.counts
      #expect(counts.carry == 8)
      #expect(counts.carry8 == 4)
      // One LUT per bit in front of the carry chain, one for the enable of the registers.
      #expect((32...34).contains(counts.lut))
      #expect(counts.ff == 33)
      #expect(counts.dsp == 0 && counts.bram == 0 && counts.srl == 0 && counts.latches == 0)
      #expect(counts.unknown.isEmpty)
      #expect(result.warnings.isEmpty)
      #expect(try #require(counts.lutSites) <= counts.lut)
      let netlist = try Netlist(module: "adder", contentsOf: result.netlist)
      #expect(netlist.cells.count == counts.byType.values.reduce(0, +))
      #expect(CarryChains(of: netlist).lengths == [8])
      #expect(folder.has("s/yosys.ys") && folder.has("s/yosys.log"))
    }
  }

  @Test func `multiplications become DSP blocks only when allowed`() async throws {
    let design = SourceBundle(
      top: "product",
      design: [
        SourceFile(
          path: "product.v",
          text: """
            module product(input clk, input signed [15:0] a, input signed [15:0] b,
                           output reg signed [31:0] y);
              always @(posedge clk) y <= a * b;
            endmodule

            """)
      ])
    try await withScratch { folder in
      let yosys = try await YosysSynthesizer()
      let with = try await yosys.synthesize(
        design, for: SynthesisTarget(.xcup, usesDSP: true), in: folder.folder("with"))
      let without = try await yosys.synthesize(
        design, for: SynthesisTarget(.xcup), in: folder.folder("without"))
      #expect(with.counts.dsp == 1)
      #expect(without.counts.dsp == 0)
      #expect(without.counts.lut > 200)
      #expect(with.counts.unknown.isEmpty && without.counts.unknown.isEmpty)
    }
  }

  @Test func `a syntax error is shown with the file and line that Yosys names`() async throws {
    let broken = SourceBundle(
      top: "broken",
      design: [SourceFile(path: "broken.v", text: "module broken(input a;\nendmodule\n")])
    try await withScratch { folder in
      try folder.folder("s").create()
      try folder.folder("s").write("earlier", to: "kept")
      let error = try await #require(throws: ToolError.self) {
        try await YosysSynthesizer().synthesize(
          broken, for: SynthesisTarget(.ecp5), in: folder.folder("s"))
      }
      guard case .toolFailed(let failure) = error.code else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(failure.lastLines.contains { $0.contains("broken.v:1") })
      #expect(folder.has("s/kept"), "a failed run must leave the earlier result")
    }
  }
}
