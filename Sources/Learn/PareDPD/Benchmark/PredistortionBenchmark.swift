import PareNumerics
public import PareSignal

/// A measured capture, and the rules by which predistorters are scored on it: the public benchmark with its frozen amplifier
/// model, or a data set of one's own.
///
///     let arena = try PredistortionBenchmark(folder: assets)
///     let score = try arena.score(drive, on: .test)
///     print(score.quality(over: try arena.baseline(on: .test)))
///
/// - Source: the "DPD Arena" of OpenDPD 2.4.2, protocol `dpd-arena-v6-apa-b`.
public struct PredistortionBenchmark: Sendable {
  /// Exact requirement of the wheel with the assets, its hash, and the folder inside it.
  public static let requirement = "opendpd==2.4.2"
  public static let wheelHash = "b7bfb801d737c5fd4fcab27d507252b464ea427b69f68720cb3a4021ddcce013"
  public static let folderInWheel = "opendpd/arena_assets"

  /// The data set of the same capture.
  public static let dataset = "opendpd/APA_200MHz_b"

  /// Where the capture comes from: ``requirement``, or the name of a data set.
  public let name: String
  public let calibration: BenchmarkCalibration
  /// The frozen amplifier of the public benchmark; nil for a data set, whose amplifier is only known by models fitted to it.
  public let amplifier: (any DifferentiableAmplifier)?
  private let inputs: [BenchmarkSplit: IQSignal]
  private let outputs: [BenchmarkSplit: IQSignal]
  /// Symbols of the target, carrier by carrier, on the test split; nil where no symbols are known.
  private let symbols: (receiver: CarrierReceiver, wanted: IQSignal)?

  /// - Parameter folder: with the files of ``folderInWheel``.
  /// - Throws: ``PredistortionError``.
  public init(folder: String) throws {
    let calibration = try BenchmarkCalibration(
      contentsOf: folder + "/calibration-v6-apa-b.json")
    guard let assets = calibration.assets else { preconditionFailure("read without its files") }
    let data = try NumpyArchive(contentsOf: folder + "/" + assets.dataFile)
    let weights = try NumpyArchive(contentsOf: folder + "/" + assets.amplifierFile)
    var inputs: [BenchmarkSplit: IQSignal] = [:]
    var outputs: [BenchmarkSplit: IQSignal] = [:]
    for split in BenchmarkSplit.allCases {
      guard let window = calibration.windows[split] else {
        preconditionFailure("no window of \(split)")
      }
      let count = window.sourceStop - window.sourceStart
      inputs[split] = try Self.signal("x_" + split.rawValue, in: data, count: count)
      outputs[split] = try Self.signal("y_" + split.rawValue, in: data, count: count)
      guard 0 <= window.metricStart, window.metricStart < window.metricStop,
        window.metricStop <= count
      else {
        throw PredistortionError(
          .badCalibration(path: folder, reason: "window \(window) leaves the split"))
      }
    }
    name = Self.requirement
    self.calibration = calibration
    self.inputs = inputs
    self.outputs = outputs
    amplifier = try ResidualGRUAmplifier(name: "arena", weights: weights)
    let receiver = CarrierReceiver(calibration)
    guard let test = inputs[.test] else { preconditionFailure("no test split") }
    symbols = (
      receiver, try receiver.symbols(of: test.scaled(by: Complex(calibration.gain)))
    )
  }

  /// A capture without known symbols; ``init(_:gain:peak:trainingSamples:)`` makes its rules.
  init(
    name: String, calibration: BenchmarkCalibration, inputs: [BenchmarkSplit: IQSignal],
    outputs: [BenchmarkSplit: IQSignal]
  ) {
    self.name = name
    self.calibration = calibration
    self.inputs = inputs
    self.outputs = outputs
    amplifier = nil
    symbols = nil
  }

  /// The model that stands for the amplifier where none is named.
  ///
  /// - Precondition: of a data set, that one is named.
  func judge(_ named: (any DifferentiableAmplifier)?) -> any DifferentiableAmplifier {
    guard let amplifier = named ?? amplifier else {
      preconditionFailure("\(name) has no amplifier of its own, and none is named")
    }
    return amplifier
  }

  /// What is to be transmitted.
  public func input(_ split: BenchmarkSplit) -> IQSignal { inputs[split]! }

  /// What the real amplifier put out for ``input(_:)`` without predistortion.
  public func measured(_ split: BenchmarkSplit) -> IQSignal { outputs[split]! }

  /// What the amplifier should put out.
  public func target(_ split: BenchmarkSplit) -> IQSignal {
    input(split).scaled(by: Complex(calibration.gain))
  }

  /// The transmitter: single precision and a limit on the magnitude.
  public func transmitted(_ drive: IQSignal) -> IQSignal {
    let single = IQSignal(channels: drive.channels)
    let limited = single.limited(to: calibration.peak)
    return IQSignal(channels: limited.channels)
  }

  /// Scores a drive for a whole split.
  ///
  /// - Parameter amplifier: another judge than the frozen one.
  /// - Throws: ``PredistortionError`` for a drive of another length or with samples that are not finite; ``SignalError``.
  public func score(
    _ drive: IQSignal, on split: BenchmarkSplit,
    through amplifier: (any DifferentiableAmplifier)? = nil
  ) throws -> LinearizationScore {
    let count = input(split).count
    guard drive.count == count else {
      throw PredistortionError(
        .wrongLength(
          what: "the drive for split '\(split.rawValue)'", count: drive.count, expected: count))
    }
    if let bad = (0..<count).first(where: { !(drive.i[$0] + drive.q[$0]).isFinite }) {
      throw PredistortionError(.notFinite(what: "the drive", sample: bad))
    }
    return try score(output: judge(amplifier).amplify(transmitted(drive)), on: split)
  }

  /// Scores what an amplifier put out.
  public func score(output: IQSignal, on split: BenchmarkSplit) throws -> LinearizationScore {
    let window = calibration.windows[split]!
    let range = window.metricStart..<window.metricStop
    let full = target(split)
    let (y, r) = (output[range], full[range])
    if let bad = (0..<y.count).first(where: { !(y.i[$0] + y.q[$0]).isFinite }) {
      throw PredistortionError(.notFinite(what: "the amplifier's output", sample: bad))
    }
    guard y.energy() > 0 else {
      throw PredistortionError(
        .badRequest(reason: "the amplifier is silent on the scored samples of '\(split.rawValue)'"))
    }
    let energy = r.energy()
    // A short split has no window of the full length; the benchmark measures it with this one.
    let length = y.count >= calibration.spectrumLength ? calibration.spectrumLength : 4096
    func spectrum(_ signal: IQSignal) throws -> WelchSpectrum {
      try WelchSpectrum(
        of: signal, sampleRate: calibration.sampleRate, windowLength: length)
    }
    let half = calibration.bandwidth / 2
    let width = calibration.bandwidth / Double(calibration.carrierCount)
    func power(_ spectrum: WelchSpectrum, _ lower: Double, _ upper: Double) throws -> Double {
      guard let power = spectrum.power(from: lower, to: upper) else {
        throw PredistortionError(
          .badCalibration(path: "calibration", reason: "a channel is outside the sampled band"))
      }
      return power
    }
    let (own, target, error) = (try spectrum(y), try spectrum(r), try spectrum(y - r))
    var strongest = 0.0
    for carrier in 0..<calibration.carrierCount {
      let lower = -half + Double(carrier) * width
      strongest = max(strongest, try power(own, lower, lower + width))
    }
    let evm =
      split == .test
      ? try symbols.map { try $0.receiver.error(of: output, wanted: $0.wanted) } : nil
    return LinearizationScore(
      nmse: decibels((y - r).energy() / energy), evm: evm,
      bandError: decibels(try power(error, -half, half) / power(target, -half, half)),
      aclrLower: decibels(try power(own, -half - width, -half) / strongest),
      aclrUpper: decibels(try power(own, half, half + width) / strongest),
      powerError: decibels(y.energy() / energy))
  }

  /// How well a model describes the real amplifier: NMSE in dB of what it makes of the split's input against
  /// ``measured(_:)``, over the whole split, as the benchmark's authors state it of theirs.
  public func fidelity(of amplifier: any DifferentiableAmplifier, on split: BenchmarkSplit)
    -> Double
  {
    nmse(amplifier.amplify(transmitted(input(split))), against: measured(split))
  }

  /// The score without predistortion: the input times one complex gain that gives the wanted power.
  public func baseline(
    on split: BenchmarkSplit, through amplifier: (any DifferentiableAmplifier)? = nil
  ) throws -> LinearizationScore {
    try score(
      input(split).scaled(by: baselineScale(through: amplifier)), on: split, through: amplifier)
  }

  /// The gain of ``baseline(on:through:)``: phase and power are matched on the first 4,096 training samples.
  public func baselineScale(through judge: (any DifferentiableAmplifier)? = nil) -> Complex {
    let amplifier = self.judge(judge)
    let probe = input(.train)[0..<min(4096, input(.train).count)]
    let y = amplifier.amplify(probe)
    var product = Complex.zero
    for n in 0..<probe.count { product = product + probe[n].conjugate * y[n] }
    let phase = (1 / product.magnitude) * product.conjugate
    let wanted = probe.energy() * calibration.gain * calibration.gain
    var (low, high) = (0.01, 2.0)
    for _ in 0..<18 {
      let middle = (low + high) / 2
      let power = amplifier.amplify(transmitted(probe.scaled(by: middle * phase))).energy()
      if power < wanted { low = middle } else { high = middle }
    }
    return ((low + high) / 2) * phase
  }

  private static func signal(
    _ name: String, in archive: NumpyArchive, count: Int
  ) throws -> IQSignal {
    let values = try archive.array(name, shape: [count, 2]).values
    return IQSignal(
      i: (0..<count).map { Double(values[2 * $0]) },
      q: (0..<count).map { Double(values[2 * $0 + 1]) })
  }
}

extension IQSignal {
  /// Every sample brought back to a magnitude, keeping its phase.
  func limited(to peak: Double) -> IQSignal {
    var (newI, newQ) = (i, q)
    for n in 0..<count {
      let square = i[n] * i[n] + q[n] * q[n]
      if square > peak * peak {
        let factor = peak / square.squareRoot()
        newI[n] *= factor
        newQ[n] *= factor
      }
    }
    return IQSignal(i: newI, q: newQ)
  }
}
