import PareDatapath
import PareRTL
import PareText
import RandomDatapaths
import Testing

/// Verilog of pipelines for a clock, with several samples per clock, in Icarus.
@Suite(
  .enabled(
    if: SystemTool.iverilog != nil, "no iverilog on PATH: clocked designs were not simulated")
)
struct ClockedDesignTests {
  private static let cases: [(LogicFamily, Double?)] = LogicFamily.allCases.flatMap { family in
    [nil, 40e6, 180e6].map { (family, $0) }
  }

  @Test(arguments: cases)
  func `equals the integer model`(family: LogicFamily, clock: Double?) throws {
    for (seed, lanes) in [(1, 1), (2, 2), (3, 4)] as [(UInt64, Int)] {
      let datapath = try RandomDatapath.network(
        seed: seed, channels: 2, kernel: 6, table: seed == 2
      ).optimized().unfolded(by: lanes)
      let pipeline = try datapath.pipelined(PipelineOptions(family: family, clockHz: clock))
      let vectors = try SampleDesigns.vectors(for: datapath, seed: seed)
      let run = try HDLRun.icarus(
        pipeline.verilog(named: "dut", vectors: vectors).files, top: "tb_dut")
      #expect(run.verdict == "PASS samples \(vectors.count)", "\(run.fault ?? "")")
    }
  }
}
