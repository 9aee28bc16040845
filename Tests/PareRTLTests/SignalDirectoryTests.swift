import PareDatapath
import Testing

@testable import PareRTL

@Suite struct SignalDirectoryTests {
  private func directory() throws -> SignalDirectory {
    let datapath = try Datapath(
      parsing: """
        datapath 1
        inputs x0
        lookAhead 0
        %0 x0: <8,1> [-128, 127] = input 0
        %1: <8,1> [-128, 127] = delay %0, 2
        %2 l0c0_a0: <11,4> [-640, 635] = add %0, %1 << 2
        %3 l0c0: <10,3> [0, 511] = clamp %2, 0, 511
        %4: <10,3> [0, 511] = delay %3, 1
        %5 l1c3: <11,4> [0, 1022] = add %3, %4
        output y0 = %5
        """)
    return try SignalDirectory(datapath.pipelined(PipelineOptions(family: .ecp5)))
  }

  @Test(arguments: [
    ("l0c0_a0_TRELLIS_FF_Q_7", "Q", "l0c0_a0", "layer 0, channel 0, sum: x0[n] + 4*x0[n-2]"),
    ("l0c0_a0_reg[7]", "C", "l0c0_a0", "layer 0, channel 0, sum: x0[n] + 4*x0[n-2]"),
    (
      "dut.l0c0_a0_TRELLIS_FF_Q_12_DI_CCU2C_S1$CCU2_COMB0", "FCO", "l0c0_a0",
      "layer 0, channel 0, sum: x0[n] + 4*x0[n-2]"
    ),
    ("x0_d3_TRELLIS_FF_Q", "Q", "x0_d3", "input: x0[n], 3 clocks later"),
    ("x0_LUT4_A_1", "F", "x0", "logic behind input: x0[n]"),
    (
      "l1c3_TRELLIS_FF_Q_5", "CE", "l1c3",
      "clock enable of layer 1, channel 3, sum: l0c0[n] + l0c0[n-1]"
    ),
    ("l0c0_TRELLIS_FF_Q", "Q", "l0c0", "layer 0, channel 0, limit: l0c0_a0 within 0...511"),
  ])
  func `cells are told by the signal that their name begins with`(
    cell: String, port: String, signal: String, meaning: String
  ) throws {
    let entry = try #require(try directory().entry(of: cell, port: port))
    #expect(entry.signal == signal)
    #expect(entry.meaning == meaning)
  }

  @Test(arguments: ["$abc$120$auto$blifparse.cc:3$7", "shift_TRELLIS_FF_Q_3", "l0c00_a0", "l0", ""])
  func `a cell of no signal is not given one`(cell: String) throws {
    #expect(try directory().entry(of: cell) == nil)
  }
}
