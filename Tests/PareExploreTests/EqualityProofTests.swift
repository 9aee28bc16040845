import PareDatapath
import PareNumerics
import PareRTL
import PareText
import PareTools
import Testing

@testable import PareExplore

/// Proofs of a small design, and of the same design with faults in its Verilog.
@Suite struct EqualityProofTests {
  /// Two filters with shared taps, one of them rounded and limited.
  private func bank() throws -> FilterBank {
    let format = WordFormat(wordLength: 8, integerBits: 8)
    return try FilterBank(
      name: "dut", inputs: [.init(name: "x0", format: format), .init(name: "x1", format: format)],
      outputs: [
        .init(
          name: "y0",
          taps: [
            .init(input: 0, delay: 0, coefficient: 7), .init(input: 0, delay: 2, coefficient: -20),
            .init(input: 1, delay: 1, coefficient: 3),
          ], bias: 5),
        .init(
          name: "y1",
          taps: [
            .init(input: 0, delay: 1, coefficient: 12), .init(input: 1, delay: 0, coefficient: -9),
          ], requantizer: Requantizer(to: WordFormat(wordLength: 6, integerBits: 10))),
      ])
  }

  private func blocks(
    editing edit: (String) -> String = { $0 }, reference: FilterBank? = nil
  ) async throws -> [Verification.Block] {
    let bank = try bank()
    let pipeline = try bank.lowered().optimized(by: .standard).pipelined()
    let bundle = try pipeline.verilog(named: "dut")
    let edited = SourceBundle(
      top: bundle.top,
      design: bundle.design.map { SourceFile(path: $0.path, text: edit($0.text)) }, testbench: [])
    let proof = EqualityProof(
      reference: try (reference ?? bank).lowered().optimized(by: .tidying), pipeline: pipeline)
    let prover = try await YosysProver()
    return try await withTemporaryFolder { path in
      try await proof.run(
        edited, with: prover, secondsPerGoal: 20, in: Folder(path), onProgress: nil)
    }
  }

  @Test func `proves every block of a sound design`() async throws {
    let blocks = try await blocks()
    #expect(blocks.allSatisfy { $0.result == .proven }, "\(blocks)")
    #expect(blocks.contains { $0.name == "y0_sum" && $0.signals > 3 })
    #expect(blocks.contains { $0.name == "y1_word" })
  }

  @Test func `refutes a flipped shift by name and with a counterexample`() async throws {
    let blocks = try await blocks { text in
      var words = text.split(separator: "<<< 2", maxSplits: 1, omittingEmptySubsequences: false)
      precondition(words.count == 2, "nothing is shifted by two in \(text)")
      words.insert("<<< 3", at: 1)
      return words.joined()
    }
    let refuted = blocks.filter { $0.result == .refuted }
    #expect(!refuted.isEmpty && refuted.count < blocks.count, "\(blocks)")
    #expect(refuted.allSatisfy { $0.faultySignal != nil && $0.counterexample?.isEmpty == false })
  }

  @Test func `refutes registers that a stall does not hold`() async throws {
    let blocks = try await blocks {
      $0.replacing("end else if (in_valid) begin", with: "end else begin")
    }
    #expect(blocks.contains { $0.result == .refuted })
  }

  @Test func `refutes a graph that is not the sum that was asked for`() async throws {
    var outputs = try bank().outputs
    outputs[0] = .init(
      name: "y0", taps: outputs[0].taps.dropLast() + [.init(input: 1, delay: 2, coefficient: 3)],
      bias: 5)
    let other = try FilterBank(name: "dut", inputs: try bank().inputs, outputs: outputs)
    let refuted = try await blocks(reference: other).filter { $0.result == .refuted }
    #expect(refuted.map(\.name).contains("output y0"), "\(refuted)")
    #expect(!refuted.map(\.name).contains("output y1"))
  }
}
