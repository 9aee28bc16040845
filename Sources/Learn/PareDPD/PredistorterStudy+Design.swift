import PareNumerics
import PareSignal

extension PredistorterStudy {
  /// The best design within a budget.
  ///
  /// - Throws: ``PredistortionError`` with code `.badRequest` when no set of terms, or no digits, keep within it;
  ///   `CancellationError`.
  public func design(within budget: PredistorterBudget) throws -> PredistorterDesign {
    report(.search(coefficients: budget.coefficients))
    let search = try SupportSearch(
      equations, size: budget.coefficients, products: budget.products)
    return try design(of: search.support, adders: budget.adders)
  }

  /// A design of given terms.
  ///
  /// - Parameter support: places of the terms in ``equations``, ascending, such as a support of ``path()``.
  public func design(of support: [Int], adders: Int = .max) throws -> PredistorterDesign {
    let terms = support.map { equations.terms[$0] }
    let bank = FeatureBank(Self.channels(of: terms), of: input)
    report(.digits(coefficients: terms.count))
    let (quadratic, values) = try refined(terms, bank, equations.restricted(to: support))
    let budget = try DigitBudget(
      quadratic, excess: settings.digitExcess, limit: try digitLimit(terms, adders: adders))
    return PredistorterDesign(
      terms: terms,
      coefficients: zip(values, terms).map { $0 * powerOfTwo(-exponent($1, bank)) },
      budget: budget,
      integers: IntegerPredistorter(
        terms: terms, digits: budget.digits, words: settings.words, bank: bank, calibration: input)
    )
  }

  /// Each of the sums has one adder less than digits; features have adders of their own.
  private func digitLimit(_ terms: [PredistorterTerm], adders: Int) throws -> Int {
    guard adders < .max else { return .max }
    let limit =
      adders - FeatureCost(of: terms.map(\.channel)).adders + Set(terms.map(\.output)).count
    guard limit > 0 else {
      throw PredistortionError(
        .badRequest(reason: "\(adders) adders are not enough for the features alone"))
    }
    return limit
  }

  /// Gauss-Newton steps on a support, each kept only as far as the true error falls.
  private func refined(
    _ terms: [PredistorterTerm], _ bank: FeatureBank, _ start: QuadraticError
  ) throws -> (QuadraticError, [Double]) {
    var quadratic = start
    var values = try start.solution()
    var error = trueError(of: drive(terms, values, bank))
    for _ in 0..<settings.refinements {
      let candidate = try localError(terms, bank, at: drive(terms, values, bank))
      let wanted = try candidate.solution()
      var isBetter = false
      for share in [1, 0.5, 0.25] {
        let trial = zip(values, wanted).map { $0 + share * ($1 - $0) }
        let reached = trueError(of: drive(terms, trial, bank))
        guard reached < error else { continue }
        (values, error, quadratic, isBetter) = (trial, reached, candidate, true)
        break
      }
      if !isBetter { break }
    }
    return (quadratic, values)
  }

  /// The quadratic error of some terms around a drive, added over the judges.
  private func localError(
    _ terms: [PredistorterTerm], _ bank: FeatureBank, at drive: IQSignal
  ) throws -> QuadraticError {
    var sum: SpectralEquations?
    for judge in judges {
      let tangent = judge.amplifier.tangent(at: drive.limited(to: peak))
      let own = try SpectralEquations(
        terms, bank, BandedJacobian(tangent), goal: drive, residual: target - tangent.output,
        margin: margin, weights)
      if sum == nil { sum = own } else { sum!.add(own) }
    }
    guard var equations = sum else { preconditionFailure("no judge") }
    equations.addRounding(settings.words)
    return equations.restricted(to: Array(terms.indices))
  }

  /// Weighted energy of what the amplifiers' outputs lack for a drive.
  private func trueError(of drive: IQSignal) -> Double {
    let row = SpectralRow(count: drive.count, margin: margin, weights)
    var line = [Float](repeating: 0, count: row.stride)
    return judges.reduce(0) { sum, judge in
      let missing = target - judge.amplifier.amplify(drive.limited(to: peak))
      row.write(missing.i.map(Float.init), missing.q.map(Float.init), to: &line, at: 0)
      return line.reduce(sum) { $0 + Double($1) * Double($1) }
    }
  }

  private func drive(
    _ terms: [PredistorterTerm], _ values: [Double], _ bank: FeatureBank
  ) -> IQSignal {
    bank.drive(terms, zip(values, terms).map { $0 * powerOfTwo(-exponent($1, bank)) })
  }

  private func exponent(_ term: PredistorterTerm, _ bank: FeatureBank) -> Int {
    bank.exponents[bank.channels.firstIndex(of: term.channel)!]
  }
}
