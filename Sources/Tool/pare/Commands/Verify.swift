import ArgumentParser
import PareExplore
import PareText
import PareTools

/// `pare verify`: a proof that the Verilog is the source, block by block.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Prove a design folder's Verilog equal to its source, and simulate a million samples.",
    discussion: """
      Each block, from the streams that it reads to its result, is compared with the sum that was asked for before any sharing: \
      its registers by SAT (Yosys), its arithmetic in exact integers. verification.json lists what was proven and what was only \
      simulated. Ends with exit code 1 when one block is refuted.
      """)

  @Argument(help: "A folder that 'pare compile' wrote.")
  var folder: String

  @Option(help: "Samples of noise to simulate; 0 for the proof alone.")
  var samples = 1_000_000

  @Option(help: "Seconds for the proof of one register.")
  var timeLimit = 10

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard samples >= 0 else { throw ValidationError("--samples is \(samples); give 0 or more") }
    guard timeLimit > 0 else {
      throw ValidationError("--time-limit is \(timeLimit); give 1 or more")
    }
  }

  func run() async throws {
    let design = try DesignFolder(opening: folder)
    let prover = try await YosysProver()
    let simulator = samples > 0 ? try await VerilatorSimulator() : nil
    let verification = try await design.verify(
      with: prover, simulator: simulator, samples: max(1, samples), timeLimitPerBlock: timeLimit,
      onProgress: common.toolProgress)
    Console.result(common.json ? JSONText.encode(verification) : Self.table(verification))
    if let block = verification.refuted.first {
      let values = (block.counterexample ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
      throw ExploreError(
        .simulationMismatch,
        "\(folder): block \(block.name) is not what was asked for"
          + (block.faultySignal.map { "; \($0) is wrong" } ?? "")
          + (values.isEmpty ? "" : " for \(values)"),
        hint: "the scripts and logs of the proof are in \(folder)/proof", kind: .failed)
    }
  }

  private static func table(_ verification: Verification) -> String {
    var table = TextTable([
      ("block", .left), ("result", .left), ("method", .left), ("signals", .right),
    ])
    for block in verification.blocks {
      table.add([
        block.name, block.result.rawValue, block.method.rawValue, "\(block.signals)",
      ])
    }
    let tools = verification.tools.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
    var lines = [
      table.text,
      "proven: \(verification.provenCount) of \(verification.blocks.count) blocks in "
        + "\(verification.proofSeconds.fixed(1)) s (\(tools))",
    ]
    if let samples = verification.simulatedSamples {
      lines.append("simulated: \(samples.grouped) samples equal, every output bit")
    }
    return lines.joined(separator: "\n")
  }
}
