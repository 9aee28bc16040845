import PareDatapath
import PareRTL
import PareText

extension DesignFolder {
  /// What the ports of the module get and must give for a stimulus, by the integer model.
  ///
  /// - Throws: ``ExploreError`` with code `.simulationMismatch` when the datapath of the folder, evaluated by the interpreter, gives anything else.
  func vectors(_ stimulus: Stimulus) throws -> TestVectors {
    let vectors = SampleLanes(manifest.options.samplesPerClock)
      .vectors(stimulus.words, segments: stimulus.segments, model: source)
    let results = try datapath.run(vectors.inputs, segments: vectors.segments)
    if results != vectors.outputs { throw fault(results, vectors, stimulus) }
    return vectors
  }

  /// The sample of a stimulus that a block of the stream holds, the first one of it.
  func sample(_ block: Int, of stimulus: Stimulus) -> Int {
    let lanes = SampleLanes(manifest.options.samplesPerClock)
    var block = block
    for segment in stimulus.segments {
      let blocks = lanes.blockCount(segment.count)
      if block < blocks { return segment.lowerBound + block * lanes.count }
      block -= blocks
    }
    return stimulus.count
  }

  private func fault(
    _ results: [[Int64]], _ vectors: TestVectors, _ stimulus: Stimulus
  ) -> ExploreError {
    var first = (block: Int.max, output: 0)
    for (output, (got, expected)) in zip(results, vectors.outputs).enumerated() {
      if let block = zip(got, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset,
        block < first.block
      {
        first = (block, output)
      }
    }
    let expected = vectors.outputs[first.output][first.block]
    let got = results[first.output][first.block]
    return ExploreError(
      .simulationMismatch,
      "\(path)/datapath.txt: differs from the integer model of \(manifest.source), first in '\(stimulus.name)', sample "
        + "\(sample(first.block, of: stimulus)), output \(datapath.outputs[first.output].name): "
        + "expected \(expected), got \(got)",
      hint: "the file was changed, or pare is wrong: compile \(manifest.source) again",
      kind: .failed)
  }
}
