import PareNumerics
import PareSignal

extension PredistorterStudy {
  /// The best design within a budget.
  ///
  /// - Throws: ``PredistortionError`` with code `.badRequest` when no set of terms, or no digits, keep within it;
  ///   `CancellationError`.
  public func design(within budget: PredistorterBudget) throws -> PredistorterDesign {
    func support(_ equations: SpectralEquations) throws -> [Int] {
      report(.search(coefficients: budget.coefficients))
      return try SupportSearch(
        equations, size: budget.coefficients, products: budget.products
      ).support
    }
    let first = try refined(support(equations), from: equations, weights: equalWeights)
    guard settings.aim == .worst, judges.count > 1 else {
      return try design(first, adders: budget.adders)
    }
    // Terms that serve the worst judge: those of the weights that made the worst error small on the first terms.
    let weighted = equations(weights: first.weights)
    let second = try refined(support(weighted), from: weighted, weights: first.weights)
    return try design(
      second.errors.max()! < first.errors.max()! ? second : first, adders: budget.adders)
  }

  /// A design of given terms.
  ///
  /// - Parameter support: places of the terms in ``equations``, ascending, such as a support of ``path()``.
  public func design(of support: [Int], adders: Int = .max) throws -> PredistorterDesign {
    try design(refined(support, from: equations, weights: equalWeights), adders: adders)
  }

  private func design(_ refined: RefinedTerms, adders: Int) throws -> PredistorterDesign {
    let (terms, bank) = (refined.terms, refined.bank)
    report(.digits(coefficients: terms.count))
    let budget = try DigitBudget(
      refined.quadratic, excess: settings.digitExcess,
      limit: try digitLimit(terms, adders: adders))
    return PredistorterDesign(
      terms: terms,
      coefficients: zip(refined.values, terms).map { $0 * powerOfTwo(-bank.exponent(of: $1)) },
      budget: budget,
      integers: IntegerPredistorter(
        terms: terms, digits: budget.digits, words: settings.words, bank: bank, calibration: input)
    )
  }

  /// The same terms and digits with words of other lengths.
  public func requantized(
    _ design: PredistorterDesign, to words: PredistorterWords
  ) -> PredistorterDesign {
    PredistorterDesign(
      terms: design.terms, coefficients: design.coefficients, budget: design.budget,
      integers: IntegerPredistorter(
        terms: design.terms, digits: design.integers.digits, words: words,
        bank: FeatureBank(Self.channels(of: design.terms), of: input), calibration: input))
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
}
