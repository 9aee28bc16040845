import PareFixed
import PareNumerics
import PareSignal
import PareText

/// What a circuit is fed with when its toggles are counted: the signal that comes in once it is deployed, where that is known.
struct DeployedWaveform: Hashable, Sendable {
  let stimulus: Stimulus
  /// Where it is from, for a provenance.
  let words: String
  /// False for corner words and noise, which toggle far more than a signal does.
  let isSignal: Bool

  /// The input of the amplifier's data set, validation split first, as the design's network gets it; corner words and
  /// noise over the whole range when there is no network, or its data is not on this machine.
  ///
  /// - Parameter samples: at most; a data set may have fewer.
  /// - Throws: `SignalError` for a damaged data set, `DatapathError`.
  init(of source: DesignSource, samples: Int) throws {
    let (dataset, reason) = try Self.dataset(of: source)
    guard let dataset, case .model(let model) = source else {
      stimulus = try source.cornerStimulus(randomCount: max(2, samples))
      words = "corner words and noise over the whole range (\(reason))"
      isSignal = false
      return
    }
    var channels: [[Float]] = [[], []]
    var segments: [Range<Int>] = []
    for split in [Split.validation, .test, .training] where channels[0].count < samples {
      let start = channels[0].count
      let part = dataset[split].input.channels.map { $0.prefix(samples - start) }
      for (index, values) in part.enumerated() { channels[index] += values }
      segments += dataset.segments(of: split).compactMap { segment in
        let kept = segment.clamped(to: 0..<part[0].count)
        return kept.isEmpty ? nil : kept.lowerBound + start..<kept.upperBound + start
      }
    }
    stimulus = Stimulus(
      name: "deployed waveform", words: model.fixed.quantize(channels), segments: segments)
    words = "\(stimulus.count) samples of the input of \(dataset.name), validation first"
    isSignal = true
  }

  /// The data set of the source's network, or why there is none.
  private static func dataset(
    of source: DesignSource
  ) throws -> (dataset: IQDataset?, reason: String) {
    guard case .model(let model) = source, source.inputFormats.count == 2 else {
      return (nil, "filter taps have no data set")
    }
    guard let task = model.task else { return (nil, "the model names no data set") }
    guard let dataset = try DatasetSource.cached(task.dataset) else {
      return (nil, "\(task.dataset) is not on this machine")
    }
    guard StableHash.hex(dataset.stableHash) == task.datasetHash else {
      return (nil, "\(task.dataset) has other samples now")
    }
    return (dataset, "")
  }
}
