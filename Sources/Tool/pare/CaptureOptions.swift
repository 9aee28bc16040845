import ArgumentParser
import PareDPD
import PareExplore
import PareSignal
import PareTools

/// How a data set of one's own becomes a benchmark of predistorters; without one it is the public benchmark.
struct CaptureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Wanted gain on a data set of your own: peak (unless given), leastSquares or none.",
      valueName: "convention"))
  var gain: GainConvention?

  @Option(
    help:
      "Magnitude at which its transmitter clips; the largest of the training input unless given.")
  var clip: Double?

  @Option(help: "Samples of its training split to use, from the first on (32768).")
  var trainingSamples: Int?

  func validate() throws {
    if let clip, !(clip > 0 && clip <= 1) {
      throw ValidationError("--clip is \(clip); give a magnitude up to 1, full scale")
    }
    if let trainingSamples, trainingSamples < 1 {
      throw ValidationError("--training-samples is \(trainingSamples)")
    }
  }

  /// - Parameter dataset: a name of the catalogue or a folder; nil for the public benchmark.
  func benchmark(
    _ dataset: String?, onProgress: ToolProgressHandler?
  ) async throws -> PredistortionBenchmark {
    guard let dataset else {
      let given = [
        ("--gain", gain != nil), ("--clip", clip != nil),
        ("--training-samples", trainingSamples != nil),
      ].first { $0.1 }
      if let given {
        throw ValidationError(
          "\(given.0) is for a data set of your own; the benchmark has its rules")
      }
      return try await BenchmarkSource.load(onProgress: onProgress)
    }
    let data = try await DatasetSource.load(dataset, onProgress: onProgress)
    return try PredistortionBenchmark(
      data, gain: gain ?? .peak, peak: clip, trainingSamples: trainingSamples ?? 32_768)
  }
}
