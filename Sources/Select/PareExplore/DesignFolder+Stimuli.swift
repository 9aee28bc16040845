import PareFixed
import PareNumerics
public import PareSignal
import PareText

extension DesignFolder {
  /// The validation and test splits of a data set as the hardware would get them.
  ///
  /// Both the input of the learning task (what accuracy is measured on) and the waveform of the deployed circuit are
  /// taken; for a predistorter the latter is the signal to be predistorted.
  ///
  /// - Throws: ``ExploreError`` when the design is not a two-channel network.
  public func stimuli(from dataset: IQDataset) throws -> [Stimulus] {
    try source.stimuli(from: dataset, path: path)
  }
}

extension DesignSource {
  /// - Parameter path: the folder of the design, for errors.
  func stimuli(from dataset: IQDataset, path: String) throws -> [Stimulus] {
    guard case .model(let model) = self, inputFormats.count == 2 else {
      throw ExploreError(
        .option("dataset"), "\(path): a data set needs a network with inputs I and Q",
        hint: "leave --dataset out; corner words and noise are fed", kind: .usage)
    }
    let direction = model.task?.direction ?? LearningTask.inverse.rawValue
    guard let task = LearningTask(rawValue: direction) else {
      throw ExploreError(
        .file(path: "\(path)/model.json"),
        "\(path)/model.json: 'task.direction' is '\(direction)', neither inverse nor forward",
        hint: "docs/model-format.md describes the file")
    }
    let learned = dataset.sampleSplits(for: task)
    var stimuli = [
      stimulus("validation", learned.validation.input, learned.validation.segments, model),
      stimulus("test", learned.test.input, learned.test.segments, model),
    ]
    if task == .inverse {
      for split in [Split.validation, .test] {
        stimuli.append(
          stimulus(
            "\(split.rawValue) waveform, deployed", dataset[split].input.channels,
            dataset.segments(of: split), model))
      }
    }
    return stimuli
  }

  private func stimulus(
    _ name: String, _ channels: [[Float]], _ segments: [Range<Int>], _ model: ModelFile
  ) -> Stimulus {
    Stimulus(name: name, words: model.fixed.quantize(channels), segments: segments)
  }
}
