import PareNumerics
import PareSignal

/// Chosen terms with the coefficients of the least error, and the quadratic around them.
struct RefinedTerms {
  let terms: [PredistorterTerm]
  let bank: FeatureBank
  /// Of coefficients of channels in units of their powers of two.
  var quadratic: QuadraticError
  var values: [Double]
  /// Weighted energy of what each amplifier's output lacks.
  var errors: [Double]
  /// Of the judges' errors in the quadratic; their mean is 1.
  var weights: [Double]
}

extension PredistorterStudy {
  var equalWeights: [Double] { Array(repeating: 1, count: judges.count) }

  /// The equations of all terms with weights on the judges' errors.
  ///
  /// - Precondition: the judges' own were kept, as they are for the aim `worst`.
  func equations(weights: [Double]) -> SpectralEquations {
    var sum: SpectralEquations?
    for (judge, weight) in zip(judges, weights) {
      guard let own = judge.equations else { preconditionFailure("equations were not kept") }
      sum.accumulate(own, times: weight)
    }
    guard var equations = sum else { preconditionFailure("no judge") }
    equations.addRounding(settings.words)
    return equations
  }

  /// Gauss-Newton steps on a support, each kept only as far as the true error falls.
  ///
  /// For the aim `worst` the judges' weights rise with their errors from step to step: at the least worst error all judges
  /// that count have the same.
  ///
  /// - Source: Lawson's algorithm for the Chebyshev norm (Rice, The Approximation of Functions, volume 2, 1969), on whole error
  ///   energies.
  func refined(
    _ support: [Int], from equations: SpectralEquations, weights: [Double]
  ) throws -> RefinedTerms {
    let terms = support.map { equations.terms[$0] }
    let bank = FeatureBank(Self.channels(of: terms), of: input)
    let quadratic = equations.restricted(to: support)
    let values = try quadratic.solution()
    var best = RefinedTerms(
      terms: terms, bank: bank, quadratic: quadratic, values: values,
      errors: trueErrors(of: drive(terms, values, bank)), weights: weights)
    let isMinimax = settings.aim == .worst && judges.count > 1
    var weights = weights
    for _ in 0..<(isMinimax ? 4 * settings.refinements : settings.refinements) {
      if isMinimax { weights = Self.reweighed(weights, best.errors) }
      let candidate = try localError(terms, bank, at: drive(terms, best.values, bank), weights)
      let wanted = try candidate.solution()
      var isBetter = false
      for share in [1, 0.5, 0.25] {
        let trial = zip(best.values, wanted).map { $0 + share * ($1 - $0) }
        let errors = trueErrors(of: drive(terms, trial, bank))
        guard aimed(errors) < aimed(best.errors) else { continue }
        (best.values, best.errors, best.quadratic) = (trial, errors, candidate)
        best.weights = weights
        isBetter = true
        break
      }
      if !isBetter { break }
    }
    return best
  }

  /// What is to become small of the judges' errors.
  private func aimed(_ errors: [Double]) -> Double {
    settings.aim == .sum ? errors.reduce(0, +) : errors.max()!
  }

  /// Weights times errors, with a mean of 1.
  static func reweighed(_ weights: [Double], _ errors: [Double]) -> [Double] {
    let products = zip(weights, errors).map { $0 * $1 }
    let mean = products.reduce(0, +) / Double(products.count)
    return mean > 0 ? products.map { $0 / mean } : weights
  }

  /// The quadratic error of some terms around a drive, added over the judges.
  private func localError(
    _ terms: [PredistorterTerm], _ bank: FeatureBank, at drive: IQSignal, _ judgeWeights: [Double]
  ) throws -> QuadraticError {
    var sum: SpectralEquations?
    for (judge, weight) in zip(judges, judgeWeights) {
      let tangent = judge.amplifier.tangent(at: drive.limited(to: peak))
      sum.accumulate(
        try SpectralEquations(
          terms, bank, BandedJacobian(tangent), goal: drive, residual: target - tangent.output,
          margin: margin, weights), times: weight)
    }
    guard var equations = sum else { preconditionFailure("no judge") }
    equations.addRounding(settings.words)
    return equations.restricted(to: Array(terms.indices))
  }

  /// Weighted energy of what each amplifier's output lacks for a drive.
  private func trueErrors(of drive: IQSignal) -> [Double] {
    let row = SpectralRow(count: drive.count, margin: margin, weights)
    var line = [Float](repeating: 0, count: row.stride)
    return judges.map { judge in
      let missing = target - judge.amplifier.amplify(drive.limited(to: peak))
      row.write(missing.i.map(Float.init), missing.q.map(Float.init), to: &line, at: 0)
      return line.reduce(0) { $0 + Double($1) * Double($1) }
    }
  }

  private func drive(
    _ terms: [PredistorterTerm], _ values: [Double], _ bank: FeatureBank
  ) -> IQSignal {
    bank.drive(terms, zip(values, terms).map { $0 * powerOfTwo(-bank.exponent(of: $1)) })
  }
}

extension SpectralEquations? {
  /// Starts or goes on with a weighted sum.
  mutating func accumulate(_ own: SpectralEquations, times weight: Double) {
    if self == nil {
      self = weight == 1 ? own : own.scaled(by: weight)
    } else {
      self!.add(own, times: weight)
    }
  }
}
