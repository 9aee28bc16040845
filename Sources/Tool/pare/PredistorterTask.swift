import PareDPD
import PareExplore
import PareFixed
import PareNumerics
import PareSignal
import PareTools

extension ModelFile.Task {
  /// That of a predistorter.
  ///
  /// - Parameter dataset: the name or folder of a data set; nil for that of the public benchmark.
  static func predistorter(
    of benchmark: PredistortionBenchmark, dataset: String?, onProgress: ToolProgressHandler?
  ) async throws -> ModelFile.Task {
    let name = dataset ?? PredistortionBenchmark.dataset
    let data = try await DatasetSource.load(name, onProgress: onProgress)
    return ModelFile.Task(
      dataset: name, datasetHash: StableHash.hex(data.stableHash), direction: "inverse",
      gainI: benchmark.calibration.gain, gainQ: 0,
      sampleRateHz: benchmark.calibration.sampleRate, bandwidthHz: benchmark.calibration.bandwidth)
  }
}
