import PareNumerics
public import PareSignal

/// Designs sparse polynomial predistorters in closed form, from an amplifier model to exact integers.
///
///     let study = try PredistorterStudy(on: arena, settings)
///     let design = try study.design(coefficients: 100)
///     let score = try arena.score(design.integers.predistort(arena.input(.test)), on: .test)
public struct PredistorterStudy: Sendable {
  /// What a study may choose from and how it weighs.
  public struct Settings: Sendable {
    public var dictionary = TermDictionary()
    public var sizes = 10...250
    /// A gain that needs k new products is divided by `1 + price * k`.
    public var price = 0.5
    public var overshoot = 1.4
    public var words = PredistorterWords()
    /// The digits end when the error is so much above the least.
    public var digitExcess = 0.15
    /// Rounds of Gauss-Newton on a chosen support.
    public var refinements = 1
    public var seed: UInt64 = 1
    public init() {}
  }

  public private(set) var settings: Settings
  public let amplifier: any DifferentiableAmplifier
  public let input: IQSignal
  public let target: IQSignal
  public let ideal: IdealDrive
  /// Of all terms, without the noise of rounding.
  public let equations: SpectralEquations
  public private(set) var path: SupportPath
  let weights: BandWeights
  let margin: Int
  let peak: Double

  /// Finds the ideal drive for the training split and a path of supports that match it.
  ///
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public init(
    on benchmark: PredistortionBenchmark, through judge: (any DifferentiableAmplifier)? = nil,
    _ settings: Settings = Settings()
  ) throws {
    let amplifier = judge ?? benchmark.amplifier
    let weights = BandWeights(benchmark.calibration)
    let input = benchmark.input(.train)
    let target = benchmark.target(.train)
    let margin = benchmark.calibration.windows[.train]!.metricStart
    var drive = IdealDrive.Settings()
    drive.peak = benchmark.calibration.peak
    drive.margin = margin
    let ideal = try IdealDrive(
      for: amplifier, target: target,
      start: input.scaled(by: benchmark.baselineScale(through: amplifier)), seed: settings.seed,
      drive)
    let tangent = amplifier.tangent(at: ideal.drive)
    let terms = settings.dictionary.terms
    let bank = FeatureBank(Self.channels(of: terms), of: input)
    let equations = try SpectralEquations(
      terms, bank, BandedJacobian(tangent), goal: ideal.drive, residual: nil, margin: margin,
      weights)
    self.settings = settings
    self.amplifier = amplifier
    self.input = input
    self.target = target
    self.ideal = ideal
    self.equations = equations
    self.weights = weights
    self.margin = margin
    peak = benchmark.calibration.peak
    path = try Self.path(equations, settings)
  }

  /// The same study with another price, other word lengths or other sizes; the dictionary and the drive stay.
  ///
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public func reselected(_ settings: Settings) throws -> PredistorterStudy {
    var study = self
    study.settings = settings
    study.path = try Self.path(equations, settings)
    return study
  }

  private static func path(
    _ equations: SpectralEquations, _ settings: Settings
  ) throws -> SupportPath {
    var equations = equations
    equations.addRounding(featureBits: settings.words.feature)
    return try SupportPath(
      equations, sizes: settings.sizes, overshoot: settings.overshoot, price: settings.price)
  }

  /// The design of one size of the path.
  ///
  /// - Throws: ``PredistortionError`` with code `.badRequest` for a size that is not on the path.
  public func design(coefficients count: Int) throws -> PredistorterDesign {
    guard let support = path.supports[count] else {
      throw PredistortionError(
        .badRequest(
          reason:
            "\(count) coefficients are not on the path (\(settings.sizes), at most \(path.forward.count))"
        ))
    }
    let terms = support.map { equations.terms[$0] }
    let bank = FeatureBank(Self.channels(of: terms), of: input)
    var noisy = equations
    noisy.addRounding(featureBits: settings.words.feature)
    var quadratic = noisy.restricted(to: support)
    var values = try quadratic.solution()
    for _ in 0..<settings.refinements {
      let drive = drive(terms, values, bank)
      let tangent = amplifier.tangent(at: drive.limited(to: peak))
      var local = try SpectralEquations(
        terms, bank, BandedJacobian(tangent), goal: drive, residual: target - tangent.output,
        margin: margin, weights)
      local.addRounding(featureBits: settings.words.feature)
      quadratic = local.restricted(to: Array(0..<count))
      values = try quadratic.solution()
    }
    let budget = try DigitBudget(quadratic, excess: settings.digitExcess)
    return PredistorterDesign(
      terms: terms,
      coefficients: zip(values, terms).map { $0 * powerOfTwo(-exponent($1, bank)) },
      budget: budget,
      integers: IntegerPredistorter(
        terms: terms, digits: budget.digits, words: settings.words, bank: bank, calibration: input)
    )
  }

  private func drive(
    _ terms: [PredistorterTerm], _ values: [Double], _ bank: FeatureBank
  ) -> IQSignal {
    bank.drive(terms, zip(values, terms).map { $0 * powerOfTwo(-exponent($1, bank)) })
  }

  private func exponent(_ term: PredistorterTerm, _ bank: FeatureBank) -> Int {
    bank.exponents[bank.channels.firstIndex(of: term.channel)!]
  }

  /// The distinct channels, in a fixed order.
  private static func channels(of terms: [PredistorterTerm]) -> [FeatureChannel] {
    Set(terms.map(\.channel)).sorted()
  }
}

/// A predistorter with real coefficients, and the same with few digits in integers.
public struct PredistorterDesign: Sendable {
  public let terms: [PredistorterTerm]
  /// Of the channels themselves, in double precision.
  public let coefficients: [Double]
  public let budget: DigitBudget
  public let integers: IntegerPredistorter

  /// The drive with real coefficients.
  public func predistort(_ x: IQSignal) -> IQSignal {
    let bank = FeatureBank(Set(terms.map(\.channel)).sorted(), of: x)
    return bank.drive(terms, coefficients)
  }
}
