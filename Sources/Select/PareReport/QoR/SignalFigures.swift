public import PareExplore
import PareNumerics
public import PareSignal
import PareText

/// What a design does to a signal: spectra and the amplifier's characteristic, measured or simulated, each curve saying which.
public struct SignalFigures: Sendable, Hashable {
  /// How a curve came about.
  public enum Source: Sendable, Hashable {
    /// The capture of the data set.
    case measured
    /// The design in integers, driving a model of the amplifier.
    case simulated(through: String, fidelity: ModelFidelity)
    /// The design in integers, which is a model of the amplifier itself.
    case model
  }

  /// Power over frequency.
  public struct Spectrum: Sendable, Hashable {
    public var name: String
    public var source: Source
    /// Frequency in MHz.
    public var megahertz: [Double]
    /// Density in dB over the mean density of the wanted signal in its channel.
    public var decibels: [Double]
  }

  /// Gain and phase over the input's magnitude.
  public struct Characteristic: Sendable, Hashable {
    public var name: String
    public var source: Source
    public var bins: [AmplitudeCharacteristic.Bin]
    /// Every n-th sample: magnitude, gain in dB, phase in degrees.
    public var samples: [Sample]

    public struct Sample: Sendable, Hashable {
      public var input: Double
      public var gain: Double
      public var phase: Double
    }
  }

  /// Figures of one output against the linear target.
  public struct Score: Sendable, Hashable {
    public var name: String
    public var source: Source
    public var metrics: MetricsReport
  }

  public internal(set) var dataset: String
  /// Program and version that computed them.
  public internal(set) var generator: String
  public internal(set) var isPredistorter: Bool
  public internal(set) var spectra: [Spectrum] = []
  public internal(set) var characteristics: [Characteristic] = []
  public internal(set) var scores: [Score] = []
  /// What must be known to read the curves, plain text.
  public internal(set) var remarks: [String] = []

  /// Bins of a spectrum; 512 are as many as a drawing of this size can show.
  static let windowLength = 512
  /// Dots of a characteristic.
  static let dotCount = 900
  static let binCount = 40
  /// Magnitudes below this part of the peak are left out of characteristics: there noise is most of the gain and the phase.
  static let floor = 0.05

  /// The figures of a model in integers, on the test split.
  ///
  /// A predistorter is simulated: its output drives `amplifier`. Beside it stands the amplifier's output as it was
  /// measured, without predistortion. A model of the amplifier is compared with the measured output itself.
  ///
  /// - Parameters:
  ///   - margin: samples at both ends of every segment that do not count for a simulated NMSE: the memory of predistorter and
  ///     amplifier model together.
  ///   - generator: program and version, for the footnotes.
  /// - Throws: ``ExploreError`` for a network of unknown purpose; `SignalError`.
  public init(
    of model: WaveformModel, on dataset: IQDataset, through amplifier: AmplifierModel?,
    margin: Int = 64, generator: String
  ) throws {
    switch model.task.flatMap(LearningTask.init(rawValue:)) {
    case .inverse:
      try self.init(
        predistorter: model, on: dataset, through: amplifier, margin: margin,
        generator: generator)
    case .forward: try self.init(amplifier: model, on: dataset, generator: generator)
    case nil:
      throw ExploreError(
        .option("dataset"), "\(model.name): the file does not say what the network was trained for",
        hint: "train it with pare train; its model.json says it")
    }
  }

  private init(
    predistorter: WaveformModel, on dataset: IQDataset, through amplifier: AmplifierModel?,
    margin: Int, generator: String
  ) throws {
    self.dataset = dataset.name
    self.generator = generator
    isPredistorter = true
    let wanted = dataset.test.input
    let scale = dataset.leastSquaresGain.reciprocal
    let measured = dataset.test.output.scaled(by: scale)
    let reference = try Self.level(of: wanted, in: dataset)
    try add("without predistortion", .measured, measured, from: wanted, dataset, reference)
    scores.append(
      Score(
        name: "without predistortion", source: .measured,
        metrics: try dataset.metrics(of: dataset.test.output, on: .test, by: .leastSquares)))
    guard let amplifier else {
      remarks.append(
        "What comes out with predistortion is not shown: no model of the amplifier was given to simulate it through."
      )
      return
    }
    let source = Source.simulated(through: amplifier.name, fidelity: amplifier.fidelity)
    let segments = dataset.segments(of: .test)
    let drive = IQSignal(
      channels: try Self.run(predistorter.function(fixed: true), wanted, segments))
    let output = try amplifier.output(for: drive, segments: segments)
    try add("with predistortion", source, output, from: wanted, dataset, reference)
    let score = try dataset.score(
      through: amplifier, margin: margin,
      predistorter: predistorter.function(fixed: true))
    scores.append(
      Score(name: "with predistortion", source: source, metrics: score.metrics))
    remarks.append(
      "With predistortion is simulated through the amplifier model '\(amplifier.name)' of \(amplifier.fidelity); "
        + "what lies below the model's own error is no evidence about the amplifier.")
    if score.isBeyondFidelity {
      remarks.append(
        "The simulated error is below the model's own, so the difference is no evidence.")
    }
    if score.samplesBeyondTraining > 0 {
      remarks.append(
        "\(score.samplesBeyondTraining) samples drive the model up to \(score.drivePeak.fixed(3)), beyond its training at \(score.trainedPeak.fixed(3))."
      )
    }
  }

  private init(amplifier: WaveformModel, on dataset: IQDataset, generator: String) throws {
    self.dataset = dataset.name
    self.generator = generator
    isPredistorter = false
    let input = dataset.test.input
    let measured = dataset.test.output.scaled(by: dataset.leastSquaresGain.reciprocal)
    let output = IQSignal(
      channels: try Self.run(
        amplifier.function(fixed: true), input, dataset.segments(of: .test)))
    let reference = try Self.level(of: measured, in: dataset)
    try add("amplifier", .measured, measured, from: input, dataset, reference)
    try add("the design", .model, output, from: input, dataset, reference)
    spectra.append(
      try Self.spectrum("error of the design", .model, measured - output, dataset, reference))
    scores.append(
      Score(
        name: "the design against the measured output", source: .model,
        metrics: try MetricsReport(
          of: output, against: measured, plan: dataset.plan, segments: dataset.segments(of: .test)))
    )
  }

  private mutating func add(
    _ name: String, _ source: Source, _ output: IQSignal, from input: IQSignal,
    _ dataset: IQDataset, _ reference: Double
  ) throws {
    spectra.append(try Self.spectrum(name, source, output, dataset, reference))
    let bins = try AmplitudeCharacteristic(
      from: input, to: output, convention: .none, axis: .linear(bins: Self.binCount)
    ).bins.filter { $0.input >= Self.floor * input.peak }
    let limit = Self.floor * input.peak
    var samples: [Characteristic.Sample] = []
    for n in stride(from: 0, to: input.count, by: max(1, input.count / Self.dotCount)) {
      let (x, y) = (input[n], output[n])
      guard x.magnitude >= limit, y.squaredMagnitude > 0 else { continue }
      let turn = y * x.conjugate
      samples.append(
        .init(
          input: x.magnitude, gain: PareNumerics.decibels(y.squaredMagnitude / x.squaredMagnitude),
          phase: portableArctangent(y: turn.im, x: turn.re) * (180 / .pi)))
    }
    characteristics.append(
      Characteristic(name: name, source: source, bins: bins, samples: samples))
  }

  private static func run(
    _ function: AmplifierModel.Function, _ input: IQSignal, _ segments: [Range<Int>]
  ) throws -> [[Float]] {
    var joined: [[Float]] = [[], []]
    for segment in segments {
      let output = try function(input[segment].channels)
      for channel in 0..<2 { joined[channel] += output[channel] }
    }
    return joined
  }

  private static func welch(_ signal: IQSignal, _ dataset: IQDataset) throws -> WelchSpectrum {
    let segments = dataset.segments(of: .test)
    let longest = segments.map(\.count).max() ?? 0
    return try WelchSpectrum(
      of: signal, sampleRate: dataset.sampleRate, windowLength: min(windowLength, max(longest, 2)),
      segments: segments)
  }

  /// Mean density in the main channel.
  private static func level(of signal: IQSignal, in dataset: IQDataset) throws -> Double {
    let spectrum = try welch(signal, dataset)
    let inside = spectrum.density.indices.filter {
      abs(spectrum.frequency($0)) < dataset.bandwidth / 2
    }
    return inside.reduce(0) { $0 + spectrum.density[$1] } / Double(max(inside.count, 1))
  }

  private static func spectrum(
    _ name: String, _ source: Source, _ signal: IQSignal, _ dataset: IQDataset,
    _ reference: Double
  ) throws -> Spectrum {
    let spectrum = try welch(signal, dataset)
    let indices = spectrum.density.indices
    return Spectrum(
      name: name, source: source, megahertz: indices.map { spectrum.frequency($0) / 1e6 },
      // -120 dB stands for nothing at all: below any capture's noise.
      decibels: indices.map { index in
        let ratio = spectrum.density[index] / reference
        return ratio > 1e-12 ? PareNumerics.decibels(ratio) : -120
      })
  }
}
