import ArgumentParser
import PareDPD
import PareExplore
import PareSignal
import PareText

/// `pare dpd waveform`: the signals of the benchmark as CSV, for tools of any kind.
struct DPDWaveform: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waveform", abstract: "Write a waveform of the benchmark as CSV.",
    discussion: """
      input is what a predistorter gets, target what the amplifier should put out, measured what the real one put out for the \
      input. baseline and mp250 are drives to score: the input scaled to the wanted power, and that of a memory polynomial with \
      125 complex coefficients, found by indirect learning on the training split. ideal is the drive that makes the frozen amplifier give \
      the target: what a predistorter should learn.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case input, target, measured, baseline, mp250, ideal
  }

  @Argument(help: "Which waveform: \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var kind: Kind

  @Option(help: "CSV to write, columns I and Q.")
  var output: String

  @Option(help: "Which part of the capture.")
  var split = BenchmarkSplit.test

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var waveform: String
    var split: String
    var output: String
    var samples: Int
  }

  func run() async throws {
    let benchmark = try await BenchmarkSource.load(onProgress: common.toolProgress)
    let signal = try signal(of: benchmark)
    try signal.write(toCSV: output)
    if common.json {
      Console.result(
        JSONText.encode(
          Summary(
            waveform: kind.rawValue, split: split.rawValue, output: output, samples: signal.count)))
    } else {
      common.progress.event(
        "\(kind.rawValue) of split \(split.rawValue), \(signal.count.grouped) samples -> \(output)")
    }
  }

  private func signal(of benchmark: PredistortionBenchmark) throws -> IQSignal {
    switch kind {
    case .input: benchmark.input(split)
    case .target: benchmark.target(split)
    case .measured: benchmark.measured(split)
    case .baseline: benchmark.input(split).scaled(by: benchmark.baselineScale())
    case .mp250:
      try benchmark.memoryPolynomial(orders: 5, taps: 25).predistort(benchmark.input(split))
    case .ideal: try benchmark.idealDrive(on: split).drive
    }
  }
}
