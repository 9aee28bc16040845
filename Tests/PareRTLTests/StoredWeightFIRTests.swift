import PareDatapath
import PareNumerics
import PareRTL
import PareText
import Testing

/// Against the integer model of the same taps, in simulation.
@Suite struct StoredWeightFIRTests {
  private static let format = WordFormat(wordLength: 8, integerBits: 3)

  /// Weights of which some are zero, all on the grid.
  private func taps(
    _ terms: [StoredWeightFIR.Term], outputs: Int, inputs: Int, taps: Int,
    _ random: inout RandomStream
  ) -> [[[Int64]]] {
    (0..<outputs).map { _ in
      (0..<inputs).map { _ in
        (0..<taps).map { _ in
          var value: Int64 = 0
          for term in terms where random.index(below: 3) > 0 {
            value += 1 << Int64(term.base + term.step * random.index(below: 1 << term.codeBits))
          }
          return random.index(below: 2) == 0 ? value : -value
        }
      }
    }
  }

  /// Feeds the samples with a pause in every fourth clock, after a reset before each segment.
  private func bench(_ fir: StoredWeightFIR, _ inputs: [[Int64]], _ expected: [[Int64]]) -> String {
    let word = Self.format.wordLength
    let count = inputs[0].count
    let flush = fir.flushCount
    func cases(_ name: String, _ words: [[Int64]], _ port: (Int) -> String) -> String {
      (0..<words.count).map { channel in
        "initial begin "
          + words[channel].enumerated().map {
            "\(name)\(channel)[\($0)] = \($1);"
          }.joined(separator: " ") + " end  // \(port(channel))"
      }.joined(separator: "\n")
    }
    let declarations =
      inputs.indices.map {
        "reg signed [63:0] a\($0) [0:\(count - 1)]; reg signed [\(word - 1):0] x\($0);"
      }
      + expected.indices.map {
        "reg signed [63:0] b\($0) [0:\(count - 1)]; wire signed [\(fir.outputWordLength - 1):0] y\($0);"
      }
    let ports =
      (inputs.indices.map { ".x\($0)(x\($0))" } + expected.indices.map { ".y\($0)(y\($0))" })
      .joined(separator: ", ")
    let feed = inputs.indices.map { "x\($0) = k < \(count) ? a\($0)[k] : 0;" }.joined(
      separator: " ")
    let check = expected.indices.map {
      "if (y\($0) !== b\($0)[j]) begin bad = bad + 1; $display(\"MISMATCH %0d y\($0) %0d %0d\", j, b\($0)[j], y\($0)); end"
    }.joined(separator: "\n")
    return """
      module tb;
      reg clk = 0, rst = 1, in_valid = 0; wire out_valid;
      integer k = 0, j = 0, bad = 0, n = 0;
      \(declarations.joined(separator: "\n"))
      \(cases("a", inputs) { "x\($0)" })
      \(cases("b", expected) { "y\($0)" })
      fir dut (.clk(clk), .rst(rst), .in_valid(in_valid), .out_valid(out_valid), \(ports));
      initial begin
        repeat (2) begin #1 clk = 1; #1 clk = 0; end
        rst = 0;
        while (j < \(count)) begin
          in_valid = (n % 4) != 3; n = n + 1;
          \(feed)
          #1 clk = 1; #1 clk = 0;
          if (in_valid) k = k + 1;
          if (out_valid) begin
            \(check)
            j = j + 1;
          end
          if (out_valid !== (in_valid && k > \(flush))) begin bad = bad + 1; $display("PROTOCOL %0d", k); end
        end
        if (bad == 0) $display("PASS samples %0d", j); else $display("FAIL mismatches %0d", bad);
        $finish;
      end
      endmodule

      """
  }

  @Test(
    .enabled(if: SystemTool.iverilog != nil),
    arguments: [
      ("pot:4", StoredWeightFIR.powerOfTwo(bits: 4), 1, 1, 1),
      ("pot:3", StoredWeightFIR.powerOfTwo(bits: 3), 2, 2, 5),
      ("apot:2:4", StoredWeightFIR.additivePowersOfTwo(terms: 2, bits: 4), 3, 2, 3),
      ("apot:4:4", StoredWeightFIR.additivePowersOfTwo(terms: 4, bits: 4), 1, 3, 2),
      ("apot:2:2", StoredWeightFIR.additivePowersOfTwo(terms: 2, bits: 2), 2, 1, 4),
    ])
  func `gives the integer model's results`(
    name: String, terms: [StoredWeightFIR.Term], outputs: Int, inputs: Int, taps count: Int
  ) throws {
    var random = RandomStream(seed: 5).fork(name)
    let taps = taps(terms, outputs: outputs, inputs: inputs, taps: count, &random)
    let bank = try FilterBank(taps: taps, format: Self.format)
    let fir = try #require(StoredWeightFIR(taps, terms: terms, format: Self.format))
    let words = (0..<inputs).map { _ in
      [-128, -128, -128, -128, -128, 127, 127, 127, 0, -1]
        + (0..<150).map { _ in Int64(random.index(below: 256)) - 128 }
    }
    let run = try HDLRun.icarus(
      try fir.verilog(named: "fir").files + [
        SourceFile(path: "tb.v", text: bench(fir, words, bank.run(words)))
      ], top: "tb")
    #expect(run.verdict == "PASS samples 160", "\(run.fault ?? "")")
  }

  @Test func `a coefficient off the grid has no such filter`() {
    let pot = StoredWeightFIR.powerOfTwo(bits: 4)
    let apot = StoredWeightFIR.additivePowersOfTwo(terms: 2, bits: 4)
    func isStored(_ value: Int64, _ terms: [StoredWeightFIR.Term]) -> Bool {
      StoredWeightFIR([[[0, value]]], terms: terms, format: Self.format) != nil
    }
    #expect([0, 1, -2, 64, -128].allSatisfy { isStored($0, pot) })
    #expect([3, -5, 256, 6].allSatisfy { !isStored($0, pot) })
    // One term has the even powers, the other the odd ones.
    #expect([0, 1, 2, 3, -9, 6, 129, 192].allSatisfy { isStored($0, apot) })
    #expect([5, 10, 7, 256, -20].allSatisfy { !isStored($0, apot) })
  }

  @Test func `every weight is a register that the reset gives another value`() throws {
    let fir = try #require(
      StoredWeightFIR(
        [[[0, -128]]], terms: StoredWeightFIR.powerOfTwo(bits: 4), format: Self.format))
    let text = try fir.verilog(named: "fir").design[0].text
    #expect(text.contains("reg [4:0] w0_0_0 = 5'b11111;"))
    #expect(text.contains("if (rst) w0_0_0 <= 5'b00000;"))
    #expect(text.contains("reg [4:0] w0_0_1 = 5'b00000;"))
    #expect(text.contains("if (rst) w0_0_1 <= 5'b11111;"))
    #expect(throws: RTLError.self) { try fir.verilog(named: "x0") }
  }
}
