public import PareNetwork
public import PareNumerics

/// What the formats of a network's tensors cost in accuracy, measured by running the integers.
///
///     let study = try WordLengthStudy(of: quantized, on: samples) { output in ... }
///     let curve = try study.jointly(wordLengths: 8...20, integerBits: 2...6)
///
/// Every figure comes from ``FixedNetwork/run(_:segments:)``, never from a noise model.
public struct WordLengthStudy: Sendable {
  /// Figures of outputs `[channel][time]`, in units of the network's output; `roundingError` is filled in by the study. Those of
  /// the spectrum take longer than the run, and may be left out when they are not asked for.
  public typealias Judge =
    @Sendable (_ output: [[Double]], _ withSpectrum: Bool) throws -> OutputFigures

  /// One choice of formats and what came of it.
  public struct Point: Hashable, Sendable {
    /// What was varied; nil for all tensors at once.
    public let tensor: FixedTensor?
    public let format: WordFormat
    public let rounding: Rounding
    public let overflow: Overflow
    /// Nil where the network cannot be built in these formats.
    public let figures: OutputFigures?
  }

  public let network: QuantizedNetwork
  public let samples: SampleSet
  /// Rounding, overflow and table size of all points that do not vary them.
  public let modes: FixedFormats
  /// Of the network in floats.
  public let reference: OutputFigures
  /// What each tensor takes.
  public let ranges: [TensorRange]
  private let judge: Judge
  private let exact: [[Double]]

  /// The word length at which nothing but the tensor under study loses anything that matters: 16 times finer than
  /// the longest that is usual.
  public static let generousWordLength = 20
  /// The same for a table of tanh or of magnitudes.
  public static let generousTableBits = 14

  /// - Parameters:
  ///   - samples: what figures are measured on.
  ///   - calibration: what ranges are observed on; `samples` when absent. Saturation then shows on samples that did
  ///     not set the ranges.
  /// - Throws: ``FixedError`` when the network cannot be run in integers; what the judge throws.
  public init(
    of network: QuantizedNetwork, on samples: SampleSet, calibration: SampleSet? = nil,
    rounding: Rounding = .nearest, overflow: Overflow = .saturate,
    tanhTableBits: Int = Self.generousTableBits,
    judge: @escaping Judge
  ) throws {
    self.network = network
    self.samples = samples
    self.judge = judge
    exact = network.network(samples.input, segments: samples.segments)
      .map { $0.map(Double.init) }
    reference = try judge(exact, true)
    var modes = try FixedFormats.observed(
      network, on: calibration ?? samples, wordLength: Self.generousWordLength, overflow: overflow)
    if network.architecture.hasBiases {
      modes.biases = network.layers.prefix(network.architecture.convolutions).map { layer in
        FixedFormats.fitting(
          layer.biases.map { abs(Double($0)) }.max() ?? 0, wordLength: Self.generousWordLength)
      }
    }
    modes.rounding = rounding
    modes.tanhTableBits = tanhTableBits
    modes.magnitudeTableBits = Self.generousTableBits
    self.modes = modes
    ranges = network.ranges(in: modes)
  }

  /// Formats of one word length with the integer bits that each tensor was observed to need.
  public func observed(wordLength: Int) -> FixedFormats {
    var formats = modes
    for tensor in network.fixedTensors {
      formats[tensor] = WordFormat(
        wordLength: wordLength, integerBits: modes[tensor].integerBits)
    }
    return formats
  }

  /// Runs the network in integers.
  ///
  /// - Throws: ``FixedError`` when it cannot be built in these formats.
  public func figures(
    of formats: FixedFormats, withSpectrum: Bool = false
  ) throws -> OutputFigures {
    try figures(of: network.fixed(to: formats), withSpectrum: withSpectrum)
  }

  /// The same of a network that is in integers already.
  public func figures(
    of fixed: FixedNetwork, withSpectrum: Bool = false
  ) throws -> OutputFigures {
    let output = fixed(samples.input, segments: samples.segments)
    var figures = try judge(output, withSpectrum)
    var sum = 0.0
    for (a, b) in zip(output, exact) {
      for n in a.indices {
        let difference = a[n] - b[n]
        sum += difference * difference
      }
    }
    figures.roundingError = sum / Double(output.count * samples.count)
    return figures
  }

  /// Every tensor alone from word length to word length, the others at ``generousWordLength``; integer bits as observed.
  public func oneAtATime(wordLengths: ClosedRange<Int>) throws -> [Point] {
    try network.fixedTensors.flatMap { tensor in
      try wordLengths.map { wordLength in
        var formats = modes
        let format = WordFormat(
          wordLength: wordLength, integerBits: modes[tensor].integerBits)
        formats[tensor] = format
        return try point(tensor, format, formats)
      }
    }
  }

  /// One format `<W,I>` for all tensors: the paper's study.
  public func jointly(
    wordLengths: ClosedRange<Int>, integerBits: ClosedRange<Int>
  ) throws -> [Point] {
    try integerBits.flatMap { integers in
      try wordLengths.map { wordLength in
        let format = WordFormat(wordLength: wordLength, integerBits: integers)
        return try point(nil, format, uniform(format))
      }
    }
  }

  /// One format for all tensors in every way of rounding and of overflowing.
  public func modes(of format: WordFormat) throws -> [Point] {
    try Overflow.allCases.flatMap { overflow in
      try Rounding.allCases.map { rounding in
        var formats = uniform(format)
        formats.rounding = rounding
        formats.overflow = overflow
        return try point(nil, format, formats, withSpectrum: true)
      }
    }
  }

  /// One format for all tensors, biases too, with the study's modes.
  public func uniform(_ format: WordFormat) -> FixedFormats {
    var formats = modes
    for tensor in network.fixedTensors { formats[tensor] = format }
    return formats
  }

  private func point(
    _ tensor: FixedTensor?, _ format: WordFormat, _ formats: FixedFormats,
    withSpectrum: Bool = false
  ) throws -> Point {
    try Task.checkCancellation()
    var measured: OutputFigures?
    do {
      measured = try figures(of: formats, withSpectrum: withSpectrum)
    } catch is FixedError {
      // Too far apart, or a hard tanh that would wrap: an answer of the study.
    }
    return Point(
      tensor: tensor, format: format, rounding: formats.rounding, overflow: formats.overflow,
      figures: measured)
  }
}
