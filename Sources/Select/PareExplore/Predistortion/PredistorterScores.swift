public import PareDPD
public import PareFixed
import PareNetwork
import PareNumerics
import PareSignal

/// What a model of any kind, a network or a polynomial, is worth as a predistorter: in integers and in floats, on validation and
/// on test.
public struct PredistorterScores: Sendable, Encodable {
  /// In integers, on the split that choices may look at.
  public let validation: DriveScores
  /// In integers, on the split that no choice has seen.
  public let test: DriveScores
  public let floatValidation: DriveScores
  public let floatTest: DriveScores

  /// - Precondition: at least one judge; two inputs and two outputs, as ``WaveformModel`` demands of a file.
  /// - Throws: ``ExploreError`` for a model that is no predistorter; `PredistortionError` for drives that are not finite.
  public init(
    of model: ModelFile, file: String, through judges: [Judge],
    in benchmark: PredistortionBenchmark
  ) throws {
    let scale = try Self.inputScale(of: model, file: file, in: benchmark)
    func scores(_ split: BenchmarkSplit, _ drive: (IQSignal) -> IQSignal) throws -> DriveScores {
      let input = benchmark.input(split).scaled(by: Complex(scale))
      return try DriveScores(of: drive(input), on: split, through: judges, in: benchmark)
    }
    let network = model.network.network
    func float(_ x: IQSignal) -> IQSignal { IQSignal(channels: network(x.channels)) }
    validation = try scores(.validation) { model.drive(for: $0) }
    test = try scores(.test) { model.drive(for: $0) }
    floatValidation = try scores(.validation, float)
    floatTest = try scores(.test, float)
  }

  /// What the input is multiplied by before the model: a predistorter that was learned on an output divided by one gain gives the
  /// wanted output of another gain for an input scaled by their ratio.
  static func inputScale(
    of model: ModelFile, file: String, in benchmark: PredistortionBenchmark
  ) throws -> Double {
    guard let task = model.task, task.direction == LearningTask.inverse.rawValue else {
      throw ExploreError(
        .file(path: file),
        "\(file): no predistorter, but of the task '\(model.task?.direction ?? "unknown")'",
        hint: "make one with 'pare dpd design', 'pare dpd refine' or 'pare train --task inverse'")
    }
    let learned = Complex(task.gainI, task.gainQ).magnitude
    guard learned > 0, learned.isFinite else {
      throw ExploreError(
        .file(path: file), "\(file): a gain of \(learned)", hint: "the file may have been edited")
    }
    return benchmark.calibration.gain / learned
  }
}

extension ModelFile {
  /// The drive in integers, exact in doubles.
  func drive(for x: IQSignal) -> IQSignal {
    let values = fixed(x.channels)
    return IQSignal(i: values[0], q: values[1])
  }
}
