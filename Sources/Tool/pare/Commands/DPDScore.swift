import ArgumentParser
import PareDPD
import PareExplore
import PareSignal
import PareText

/// `pare dpd score`: what a predistorted waveform is worth through models of the amplifier.
struct DPDScore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract:
      "Score a predistorted waveform on the benchmark or a data set, through one or more judges.",
    discussion: """
      Every judge is a model of the amplifier, so the figures are simulated. Q is half the gain in EVM plus half the gain of the \
      worse ACLR side over no predistortion through the same judge; the minimum row has the least Q, and of every figure the worst. \
      fidelity is the NMSE of the judge itself against what the real amplifier put out.
      """)

  @Argument(help: "CSV of the drive for the whole split, columns I and Q.")
  var drive: String

  @OptionGroup var judges: JudgeOptions

  @Option(help: "Which part of the capture the drive is for.")
  var split = BenchmarkSplit.test

  @Option(help: "CSV to write with what the judge puts out; of one judge only.")
  var output: String?

  @Option(help: "A name from 'pare dataset list', or a folder; the public benchmark unless given.")
  var dataset: String?

  @OptionGroup var capture: CaptureOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if output != nil, judges.names.count > 1 {
      throw ValidationError("--output is of one judge, and \(judges.names.count) are named")
    }
  }

  func run() async throws {
    let signal = try IQSignal(contentsOfCSV: drive)
    let benchmark = try await capture.benchmark(dataset, onProgress: common.toolProgress)
    let expected = benchmark.input(split).count
    guard signal.count == expected else {
      let fitting = BenchmarkSplit.allCases.first { benchmark.input($0).count == signal.count }
      throw ExploreError(
        .file(path: drive),
        "\(drive): \(signal.count) samples, and split '\(split.rawValue)' has \(expected)",
        hint: fitting.map { "that is the length of '\($0.rawValue)': give --split \($0.rawValue)" }
          ?? "predistort the whole split: pare dpd waveform input --split \(split.rawValue) --output x.csv"
      )
    }
    let judges = try judges.judges(of: benchmark)
    let scores = try DriveScores(of: signal, on: split, through: judges, in: benchmark)
    if let output {
      try judges[0].amplifier.amplify(benchmark.transmitted(signal)).write(toCSV: output)
    }
    Console.result(common.json ? JSONText.encode(scores) : Self.table(scores))
  }

  private static func table(_ scores: DriveScores) -> String {
    var table = TextTable([
      ("judge", .left), ("NMSE, dB", .right), ("EVM, dB", .right), ("ACLR lower, dBc", .right),
      ("ACLR upper, dBc", .right), ("power, dB", .right), ("feasible", .left), ("Q, dB", .right),
      ("fidelity, dB", .right),
    ])
    func add(_ name: String, _ drive: DriveScores.Figures, _ quality: Double, _ fidelity: String) {
      table.add([
        name, drive.nmseDB.fixed(3), drive.evmDB?.fixed(3) ?? "-", drive.aclrLowerDB.fixed(3),
        drive.aclrUpperDB.fixed(3), drive.powerErrorDB.fixed(3), drive.isFeasible ? "yes" : "no",
        quality.fixed(3), fidelity,
      ])
    }
    for row in scores.judges {
      add(row.judge, row.drive, row.qualityDB, row.fidelityDB.fixed(2))
    }
    add("minimum", scores.minimum.drive, scores.minimum.qualityDB, "-")
    let basis =
      switch scores.inBandMeasure {
      case .evm: "Q from EVM and the worse ACLR side"
      case .bandError:
        "no whole symbol in it, so Q from the error in the band and the worse ACLR side"
      }
    return "\(table.text)\nsplit \(scores.split), \(scores.sampleCount.grouped) samples; \(basis)"
  }
}
