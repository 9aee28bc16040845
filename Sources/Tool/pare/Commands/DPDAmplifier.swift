import ArgumentParser
import PareDPD
import PareExplore
import PareNumerics
import PareText

/// `pare dpd amplifier`: a model of the amplifier of the benchmark, or of a data set, fitted to what was measured.
struct DPDAmplifier: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amplifier",
    abstract: "Fit a model of the amplifier to the measured capture, to judge drives through.",
    discussion: """
      gmp is a generalized memory polynomial, volterra the same with third-order terms of three different times, odd-volterra has odd orders \
      only, sparse has terms chosen one by one, and network is a convolutional network beside a linear filter (minutes; the others take \
      seconds). All are fitted on the training split, and their response outside the band is held near that of a memoryless polynomial, \
      since the capture says nothing about it. \
      The file is a judge for 'pare dpd score' and 'pare dpd design'.
      """)

  @Argument(help: "gmp, volterra, odd-volterra, sparse or network.")
  var kind: FittedAmplifier

  @Option(help: "A name from 'pare dataset list', or a folder; the public benchmark unless given.")
  var dataset: String?

  @OptionGroup var capture: CaptureOptions

  @Option(help: "Weight of the response outside the band against the capture's error.")
  var priorWeight = 1e-3

  @Option(help: "JSON file to write.")
  var out: String

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var model: String
    /// Real numbers that were fitted.
    var parameters: Int
    /// NMSE against the measured output, by split.
    var fidelityDB: [String: Double]
  }

  func validate() throws {
    guard (0...1e3).contains(priorWeight) else {
      throw ValidationError("--prior-weight is \(priorWeight); give 0 to 1000")
    }
  }

  func run() async throws {
    try TextFile.requireFileName(out)
    let benchmark = try await capture.benchmark(dataset, onProgress: common.toolProgress)
    let progress = common.progress
    let model = try benchmark.fitted(kind, priorWeight: priorWeight) { step, error in
      progress.event("step \(step): \(error.fixed(2)) dB")
    }
    try TextFile.write(
      model.json(
        origin:
          "pare \(Pare.version), \(benchmark.name), measured output of the training split, prior weight \(priorWeight)"
      ), to: out)
    let fidelity = BenchmarkSplit.allCases.map {
      ($0.rawValue, benchmark.fidelity(of: model, on: $0))
    }
    let summary = Summary(
      model: out, parameters: model.parameterCount,
      fidelityDB: Dictionary(uniqueKeysWithValues: fidelity))
    Console.result(
      common.json
        ? JSONText.encode(summary)
        : "\(kind.rawValue), \(model.parameterCount) real parameters -> \(out); NMSE against the measured output: "
          + fidelity.map { "\($0.0) \($0.1.fixed(2)) dB" }.joined(separator: ", "))
  }
}
