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
    public var digitExcess = 0.01
    /// Rounds of Gauss-Newton on a chosen support.
    public var refinements = 2
    public var seed: UInt64 = 1
    public init() {}
  }

  public let settings: Settings
  public let amplifier: any DifferentiableAmplifier
  public let input: IQSignal
  public let target: IQSignal
  public let ideal: IdealDrive
  /// Of all terms, with the noise of rounding.
  public let equations: SpectralEquations
  public let path: SupportPath
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
    var equations = try SpectralEquations(
      terms, bank, BandedJacobian(tangent), goal: ideal.drive, residual: nil, margin: margin,
      weights)
    equations.addRounding(settings.words)
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

  private static func path(
    _ equations: SpectralEquations, _ settings: Settings
  ) throws -> SupportPath {
    try SupportPath(
      equations, sizes: settings.sizes, overshoot: settings.overshoot, price: settings.price)
  }

  /// The best design within a budget.
  ///
  /// - Throws: ``PredistortionError`` with code `.badRequest` when no set of terms keeps within it; `CancellationError`.
  public func design(within budget: PredistorterBudget) throws -> PredistorterDesign {
    let search = try SupportSearch(
      equations, size: budget.coefficients, products: budget.products)
    return try design(of: search.support, adders: budget.adders)
  }

  /// The design of one size of the path, whatever its products.
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
    return try design(of: support, adders: .max)
  }

  private func design(of support: [Int], adders: Int) throws -> PredistorterDesign {
    let terms = support.map { equations.terms[$0] }
    let bank = FeatureBank(Self.channels(of: terms), of: input)
    let start = equations.restricted(to: support)
    let (quadratic, values) = try refined(terms, bank, start)
    let inner = FeatureCost(of: terms.map(\.channel)).adders
    // Each of two sums has one adder less than digits.
    let limit = adders == .max ? .max : max(adders - inner + 2, terms.count)
    let budget = try DigitBudget(quadratic, excess: settings.digitExcess, limit: limit)
    return PredistorterDesign(
      terms: terms,
      coefficients: zip(values, terms).map { $0 * powerOfTwo(-exponent($1, bank)) },
      budget: budget,
      integers: IntegerPredistorter(
        terms: terms, digits: budget.digits, words: settings.words, bank: bank, calibration: input)
    )
  }

  /// Gauss-Newton steps on a support, each kept only as far as the true error falls.
  private func refined(
    _ terms: [PredistorterTerm], _ bank: FeatureBank, _ start: QuadraticError
  ) throws -> (QuadraticError, [Double]) {
    var quadratic = start
    var values = try start.solution()
    var error = trueError(of: drive(terms, values, bank))
    for _ in 0..<settings.refinements {
      let drive = drive(terms, values, bank)
      let tangent = amplifier.tangent(at: drive.limited(to: peak))
      var local = try SpectralEquations(
        terms, bank, BandedJacobian(tangent), goal: drive, residual: target - tangent.output,
        margin: margin, weights)
      local.addRounding(settings.words)
      let candidate = local.restricted(to: Array(terms.indices))
      let wanted = try candidate.solution()
      var isBetter = false
      for share in [1, 0.5, 0.25] {
        let trial = zip(values, wanted).map { $0 + share * ($1 - $0) }
        let reached = trueError(of: self.drive(terms, trial, bank))
        guard reached < error else { continue }
        (values, error, quadratic, isBetter) = (trial, reached, candidate, true)
        break
      }
      if !isBetter { break }
    }
    return (quadratic, values)
  }

  /// Weighted energy of what the amplifier's output lacks for a drive.
  private func trueError(of drive: IQSignal) -> Double {
    let missing = target - amplifier.amplify(drive.limited(to: peak))
    let row = SpectralRow(count: missing.count, margin: margin, weights)
    var line = [Float](repeating: 0, count: row.stride)
    row.write(missing.i.map(Float.init), missing.q.map(Float.init), to: &line, at: 0)
    return line.reduce(0) { $0 + Double($1) * Double($1) }
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

/// What a predistorter may cost.
public struct PredistorterBudget: Hashable, Sendable {
  /// Real weights that are not zero.
  public var coefficients: Int
  /// Multiplications of two signals per sample.
  public var products: Int
  /// Two-input additions per sample.
  public var adders: Int

  public init(coefficients: Int, products: Int = .max, adders: Int = .max) {
    self.coefficients = coefficients
    self.products = products
    self.adders = adders
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
