import ArgumentParser
import PareDPD
import PareExplore
import PareSignal
import PareText
import PareTools

/// `pare dpd fetch`: the benchmark into the cache of the user.
struct DPDFetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch the benchmark into the user's cache folder, and read it."
  )

  @OptionGroup var common: CommonOptions

  private struct Summary: Encodable {
    var folder: String
    var requirement: String
    var samples: [String: Int]
  }

  func run() async throws {
    let benchmark = try await BenchmarkSource.load(onProgress: common.toolProgress)
    let counts = BenchmarkSplit.allCases.map { ($0.rawValue, benchmark.input($0).count) }
    let summary = Summary(
      folder: try BenchmarkSource.folder().path, requirement: PredistortionBenchmark.requirement,
      samples: Dictionary(uniqueKeysWithValues: counts))
    guard !common.json else {
      Console.result(JSONText.encode(summary))
      return
    }
    let splits = counts.map { "\($0.0) \($0.1.grouped)" }.joined(separator: ", ")
    Console.result("\(summary.requirement)  \(summary.folder)  (\(splits) samples)")
  }
}
