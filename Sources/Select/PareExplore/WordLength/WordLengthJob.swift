public import PareDatapath
public import PareFixed
import PareNetwork
public import PareNumerics
public import PareSignal
import PareText
import PareTrain

/// The word-length study of a model file on a data set, and the search for its shortest formats.
public struct WordLengthJob: Sendable {
  public struct Options: Sendable {
    public var wordLengths: ClosedRange<Int> = 4...20
    public var integerBits: ClosedRange<Int> = 1...8
    public var rounding = Rounding.nearest
    public var overflow = Overflow.saturate
    public var tanhTableBits = WordLengthStudy.generousTableBits
    /// What selection goes by.
    public var split = Split.validation
    public var metric = LossMetric.nmse
    /// dB; nil for no search.
    public var limit: Double?
    /// Logic that hardware is counted in.
    public var family = LogicFamily.ultraScalePlus
    /// Whether the tables over word lengths are made, too.
    public var surveys = true

    public init() {}
  }

  public enum Event: Sendable {
    case stage(String)
    case note(String)
    case step(WordLengthSearch.Step, loss: Double)
  }

  public let model: ModelFile
  public let options: Options

  public init(_ model: ModelFile, _ options: Options) {
    self.model = model
    self.options = options
  }

  /// - Throws: `FixedError`, ``WordLengthError``, ``ExploreError`` for a model that is no waveform's, `CancellationError`.
  public func run(
    on dataset: IQDataset, onEvent: (Event) -> Void = { _ in }
  ) throws -> WordLengthReport {
    let network = model.network
    let architecture = network.architecture
    let splits = dataset.sampleSplits(for: try task())
    let set = options.split == .test ? splits.test : splits.validation
    let judge = WordLengthJudge(
      set, of: dataset, split: options.split, architecture: architecture)
    if let fault = judge.spectrumFault {
      onEvent(.note("note: EVM and ACLR are not measured: \(fault)"))
    }
    let study = try WordLengthStudy(
      of: network, on: set, calibration: splits.training, rounding: options.rounding,
      overflow: options.overflow, tanhTableBits: options.tanhTableBits
    ) { try judge($0, withSpectrum: $1) }
    var report = WordLengthReport(
      samples:
        "\(dataset.name), \(options.split.rawValue) split, \(set.count.grouped) samples; ranges from the training split",
      study: study, current: try study.figures(of: model.fixed, withSpectrum: true),
      options: options)
    report.currentLUT = try Self.lut(of: model.fixed, options.family)
    if options.surveys {
      onEvent(.stage("one format for all tensors"))
      report.joint = try study.jointly(
        wordLengths: options.wordLengths, integerBits: options.integerBits)
      onEvent(.stage("one tensor at a time"))
      report.single = try study.oneAtATime(wordLengths: options.wordLengths)
      onEvent(.stage("rounding and overflow"))
      report.modes = try study.modes(of: .paper)
    }
    guard let limit = options.limit else { return report }
    onEvent(.stage("search"))
    let family = options.family
    let search = WordLengthSearch(study, losingAtMost: limit, of: options.metric) {
      try Self.lut(of: $0, family)
    }
    let reference = options.metric(study.reference) ?? 0
    report.steps = try search.run { step in
      onEvent(.step(step, loss: (options.metric(step.figures) ?? 0) - reference))
    }
    if let chosen = report.steps.last?.formats {
      let fixed = try network.fixed(to: chosen)
      report.chosen = fixed
      report.chosenFigures = try study.figures(of: fixed, withSpectrum: true)
      report.chosenScores = try SplitNMSE(of: fixed, on: splits)
    }
    return report
  }

  /// The model with the integers of the report's choice; nil without a search.
  public func model(with report: WordLengthReport) -> ModelFile? {
    guard let fixed = report.chosen, let scores = report.chosenScores else { return nil }
    var changed = model
    changed.fixed = fixed
    changed.training?.fixedValidationNMSEdB = scores.validation
    changed.training?.fixedTestNMSEdB = scores.test
    return changed
  }

  private func task() throws -> LearningTask {
    let architecture = model.network.architecture
    guard architecture.inputChannels == 2, architecture.outputChannels == 2,
      let task = LearningTask(rawValue: model.task?.direction ?? LearningTask.inverse.rawValue)
    else {
      throw ExploreError(
        .option("model"), "the model does not map I and Q to I and Q for a task of ours",
        hint: "give a file that pare train or pare sweep wrote")
    }
    return task
  }

  /// Estimated tables of the compiled network, without a search for shared sums that takes longer than the study.
  static func lut(of network: FixedNetwork, _ family: LogicFamily) throws -> Double {
    let solver = SolverOptions(family: family, effort: .fast)
    let pipeline = try network.lowered().optimized(by: .solving(solver))
      .pipelined(PipelineOptions(family: family))
    return Double(pipeline.resources().cells.luts)
  }
}
