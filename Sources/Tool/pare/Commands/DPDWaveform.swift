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

  @Option(
    help: "Model for baseline, mp250 and ideal; arena unless given, on a data set sparse.")
  var judge: String?

  @Option(help: "A name from 'pare dataset list', or a folder; the public benchmark unless given.")
  var dataset: String?

  @OptionGroup var capture: CaptureOptions
  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var waveform: String
    var split: String
    var output: String
    var samples: Int
  }

  func run() async throws {
    let benchmark = try await capture.benchmark(dataset, onProgress: common.toolProgress)
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
    func amplifier() throws -> any DifferentiableAmplifier {
      try Judge(judge ?? Judge.usualNames(on: benchmark)[0], of: benchmark).amplifier
    }
    let input = benchmark.input(split)
    switch kind {
    case .input: return input
    case .target: return benchmark.target(split)
    case .measured: return benchmark.measured(split)
    case .baseline:
      return input.scaled(by: benchmark.baselineScale(through: try amplifier()))
    case .mp250:
      return try benchmark.memoryPolynomial(orders: 5, taps: 25, through: try amplifier())
        .predistort(input)
    case .ideal: return try benchmark.idealDrive(on: split, through: try amplifier()).drive
    }
  }
}
