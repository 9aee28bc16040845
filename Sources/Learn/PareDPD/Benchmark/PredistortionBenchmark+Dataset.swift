import PareNumerics
public import PareSignal

extension PredistortionBenchmark {
  /// Samples that every split must have: the ends that do not count, and one short spectral window.
  static let fewestSamples = 2 * BenchmarkCalibration.margin + 4096

  /// A data set of one's own, scored as the public benchmark is: without known symbols the error in the band stands for EVM.
  ///
  /// The output is turned by the phase of the least-squares gain first, since no predistorter is asked to undo a constant
  /// phase.
  ///
  /// - Parameters:
  ///   - convention: of the wanted gain; `peak` is the linear amplifier that just reaches the measured peak, as the public
  ///     benchmark's is.
  ///   - peak: magnitude at which the transmitter clips; the training input's when nil, beyond which nothing was measured.
  ///   - trainingSamples: so many of the first are used; time and memory of a design grow with them.
  /// - Throws: ``PredistortionError`` with code `.badDataset` for one that is too short, made of unrelated segments, beyond
  ///   full scale, or without room for the adjacent channels.
  public init(
    _ dataset: IQDataset, gain convention: GainConvention = .peak, peak: Double? = nil,
    trainingSamples: Int = 32_768
  ) throws(PredistortionError) {
    func bad(_ reason: String, _ hint: String) -> PredistortionError {
      PredistortionError(.badDataset(name: dataset.name, reason: reason, hint: hint))
    }
    guard !dataset.segmentsAreIndependent else {
      throw bad(
        "its segments are unrelated, and a design needs one uninterrupted recording",
        "take a data set that is one recording; 'pare dataset inspect' tells")
    }
    let plan = dataset.plan
    guard plan.bandwidth / 2 + plan.subChannelWidth <= plan.sampleRate / 2 else {
      throw bad(
        "the adjacent channels, \(plan.subChannelWidth / 1e6) MHz beside \(plan.bandwidth / 1e6) MHz, leave the sampled band",
        "record at a higher rate, or state more sub-channels in spec.json")
    }
    guard trainingSamples >= Self.fewestSamples else {
      throw bad("\(trainingSamples) training samples are too few", "give \(Self.fewestSamples)")
    }
    var inputs: [BenchmarkSplit: IQSignal] = [:]
    var outputs: [BenchmarkSplit: IQSignal] = [:]
    let turn = dataset.leastSquaresGain
    for (split, name) in [
      (Split.training, BenchmarkSplit.train), (.validation, .validation), (.test, .test),
    ] {
      let whole = dataset[split]
      let pair = split == .training ? whole[0..<min(whole.count, trainingSamples)] : whole
      guard pair.count >= Self.fewestSamples else {
        throw bad(
          "the \(split.rawValue) split has \(pair.count) samples, and a score needs \(Self.fewestSamples)",
          "record longer")
      }
      // Words hold magnitudes from -1 to 1; of a far smaller signal they would hold few bits.
      guard (0.25...1).contains(pair.input.peak) else {
        throw bad(
          "the \(split.rawValue) input peaks at \(pair.input.peak) of full scale 1",
          "divide input and output by the peak: words hold numbers from -1 to 1")
      }
      inputs[name] = pair.input
      outputs[name] = pair.output.scaled(by: (1 / turn.magnitude) * turn.conjugate)
    }
    let gain = dataset.gain(convention).value.magnitude
    self.init(
      name: dataset.name,
      calibration: BenchmarkCalibration(
        gain: gain, peak: peak ?? inputs[.train]!.peak, plan: plan,
        counts: inputs.mapValues(\.count)), inputs: inputs, outputs: outputs)
  }
}
