import PareDatapath
import PareRTL

extension SampleLanes {
  /// What a testbench feeds and expects. The model is asked for the results of the zeros too that fill the last block of a
  /// segment.
  func vectors(
    _ words: [[Int64]], segments: [Range<Int>], model: DesignSource
  ) -> TestVectors {
    let inputs = blocks(of: words, segments: segments)
    // The filled-up stream, sample by sample.
    let places = inputs.segments.map { ($0.lowerBound * count)..<($0.upperBound * count) }
    let padded = samples(of: inputs.channels, segments: places)
    let outputs = blocks(of: model.run(padded, segments: places), segments: places)
    return TestVectors(
      inputs: inputs.channels, outputs: outputs.channels, segments: inputs.segments)
  }
}
