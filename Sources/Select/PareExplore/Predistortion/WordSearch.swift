import PareDPD
import PareFixed
import PareSignal

/// Shorter words for a predistorter whose terms and digits are settled: bit by bit, as long as the quality on the validation split
/// stays near that of the words it was designed with.
struct WordSearch {
  /// Fewest bits of a word.
  private static let fewestBits = 6

  let design: PredistorterDesign

  /// - Parameter tolerance: in dB of quality, the least over the judges.
  /// - Throws: `PredistortionError`, `FixedError`, `DatapathError`; `CancellationError`.
  init(
    _ start: PredistorterDesign, of study: PredistorterStudy, within tolerance: Double,
    through judges: [Judge], in benchmark: PredistortionBenchmark
  ) throws {
    let input = benchmark.input(.validation)
    let stimulus = ActivityStimulus(input.channels)
    func quality(_ design: PredistorterDesign) throws -> Double {
      try DriveScores(
        of: design.integers.predistort(input), on: .validation, through: judges, in: benchmark
      ).minimum.qualityDB
    }
    func luts(_ design: PredistorterDesign) throws -> Double {
      try Metrics(of: design.integers.model(generator: ""), stimulus: stimulus)[.lut]!
    }
    let limit = try quality(start) - tolerance
    var best = start
    while true {
      try Task.checkCancellation()
      // Of the signals that may lose a bit, the one whose loss saves most.
      var cheapest: (design: PredistorterDesign, luts: Double)?
      for words in Self.shorter(best.integers.words) {
        let trial = study.requantized(best, to: words)
        guard try quality(trial) >= limit else { continue }
        let luts = try luts(trial)
        if luts < cheapest?.luts ?? .infinity { cheapest = (trial, luts) }
      }
      guard let cheapest else { break }
      best = cheapest.design
    }
    design = best
  }

  /// One bit less at the input, in the features with their envelopes, or at the output.
  private static func shorter(_ words: PredistorterWords) -> [PredistorterWords] {
    [[\PredistorterWords.input], [\.feature, \.envelope], [\.output]].compactMap { signals in
      guard signals.allSatisfy({ words[keyPath: $0] > fewestBits }) else { return nil }
      var shorter = words
      for signal in signals { shorter[keyPath: signal] -= 1 }
      return shorter
    }
  }
}
