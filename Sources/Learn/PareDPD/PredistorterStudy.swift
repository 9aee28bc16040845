import PareNumerics
public import PareSignal

/// Designs sparse polynomial predistorters in closed form, from amplifier models to exact integers.
///
///     let study = try PredistorterStudy(on: arena)
///     let design = try study.design(within: PredistorterBudget(coefficients: 100, products: 22, adders: 190))
///     let score = try arena.score(design.integers.predistort(arena.input(.test)), on: .test)
///
/// With several amplifier models each has its own ideal drive, and ``Settings/aim`` says what of their errors counts.
public struct PredistorterStudy: Sendable {
  /// What of the errors through several amplifier models is made small.
  public enum Aim: String, Hashable, Sendable, Codable, CaseIterable {
    /// Their sum.
    case sum
    /// The largest of them.
    case worst
  }

  /// What a study may choose from and how it weighs.
  public struct Settings: Sendable {
    public var dictionary = TermDictionary()
    public var sizes = 10...500
    /// A gain on the path that needs k new products is divided by `1 + price * k`.
    public var price = 0.5
    public var overshoot = 1.4
    public var words = PredistorterWords()
    /// The digits end when the error is so much above the least, as a part of it.
    public var digitExcess = 0.01
    /// Rounds of Gauss-Newton on a chosen support.
    public var refinements = 2
    public var seed: UInt64 = 1
    public var aim = Aim.sum
    public init() {}
  }

  /// What takes long.
  public enum Stage: Hashable, Sendable, CustomStringConvertible {
    case idealDrive(judge: String)
    case equations(judge: String, terms: Int)
    case search(coefficients: Int)
    case digits(coefficients: Int)

    public var description: String {
      switch self {
      case .idealDrive(let judge): "ideal drive of \(judge)"
      case .equations(let judge, let terms): "equations of \(terms) terms through \(judge)"
      case .search(let count): "choosing \(count) terms"
      case .digits(let count): "digits of \(count) coefficients"
      }
    }
  }

  /// An amplifier model with the drive that makes it linear.
  struct Judge: Sendable {
    let amplifier: any DifferentiableAmplifier
    let ideal: IdealDrive
    /// Of all terms around that drive; nil where only the sum over the judges is wanted.
    let equations: SpectralEquations?
  }

  public let settings: Settings
  public let input: IQSignal
  public let target: IQSignal
  /// Of all terms, with the noise of rounding, added over the judges with equal weights.
  public let equations: SpectralEquations
  let judges: [Judge]
  let weights: BandWeights
  let margin: Int
  let peak: Double
  let report: @Sendable (Stage) -> Void

  /// Finds the ideal drive of every judge for the training split, and the equations around them.
  ///
  /// - Parameters:
  ///   - judges: amplifier models; the benchmark's own when empty.
  ///   - onProgress: called before each stage.
  /// - Throws: ``PredistortionError``; `CancellationError`.
  public init(
    on benchmark: PredistortionBenchmark, through judges: [any DifferentiableAmplifier] = [],
    _ settings: Settings = Settings(), onProgress: @escaping @Sendable (Stage) -> Void = { _ in }
  ) throws {
    let weights = BandWeights(benchmark.calibration)
    let input = benchmark.input(.train)
    let target = benchmark.target(.train)
    let margin = benchmark.calibration.windows[.train]!.metricStart
    let terms = settings.dictionary.terms
    let bank = FeatureBank(Self.channels(of: terms), of: input)
    var all: [Judge] = []
    var sum: SpectralEquations?
    for amplifier in judges.isEmpty ? [benchmark.judge(nil)] : judges {
      onProgress(.idealDrive(judge: amplifier.name))
      let ideal = try benchmark.idealDrive(on: .train, through: amplifier, seed: settings.seed)
      onProgress(.equations(judge: amplifier.name, terms: terms.count))
      let tangent = amplifier.tangent(at: ideal.drive)
      let own = try SpectralEquations(
        terms, bank, BandedJacobian(tangent), goal: ideal.drive,
        residual: target - tangent.output, margin: margin, weights)
      sum.accumulate(own, times: 1)
      // Other weights need them again.
      let isKept = settings.aim == .worst && judges.count > 1
      all.append(
        Judge(amplifier: amplifier, ideal: ideal, equations: isKept ? own : nil))
    }
    guard var equations = sum else { preconditionFailure("no judge") }
    equations.addRounding(settings.words)
    self.settings = settings
    self.input = input
    self.target = target
    self.equations = equations
    self.judges = all
    self.weights = weights
    self.margin = margin
    peak = benchmark.calibration.peak
    report = onProgress
  }

  /// Error over target that the ideal drives leave, in dB, by the names of the judges.
  public var idealErrors: [(judge: String, decibels: Double)] {
    judges.map { ($0.amplifier.name, $0.ideal.errors.min()!) }
  }

  /// Supports of all sizes from one run, without a limit on products.
  ///
  /// - Throws: `CancellationError`.
  public func path() throws -> SupportPath {
    try SupportPath(
      equations, sizes: settings.sizes, overshoot: settings.overshoot, price: settings.price)
  }

  /// The distinct channels, in a fixed order.
  static func channels(of terms: [PredistorterTerm]) -> [FeatureChannel] {
    Set(terms.map(\.channel)).sorted()
  }
}
