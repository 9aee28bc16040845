public import PareNumerics

/// A polynomial with its errors and its price.
public struct FittedPolynomial: TrainingOutcome, Hashable {
  public let model: PolynomialModel
  public let nmse: SplitNMSE

  public init(model: PolynomialModel, nmse: SplitNMSE) {
    self.model = model
    self.nmse = nmse
  }
}

/// Least squares of the terms of a dictionary on the training split: all of them, some, or the best few.
///
/// The normal equations are summed once, in double precision, and serve every question:
///
///     let fit = try PolynomialFit(.standard, on: dataset.sampleSplits(for: .inverse))
///     let path = try fit.path(upTo: 30)          // 1, 2, ... 30 terms, each with the best next one
///     let all = try fit.model(of: fit.dictionary.terms)
///
/// Normal equations square the condition number of the columns. Neighbouring samples of an oversampled signal resemble
/// each other, so a full dictionary can come close to singular; the ridge, a share of every column's own energy added to
/// the diagonal, bounds the condition number of the scaled matrix by terms / ridge. A ridge of 0 is allowed; terms that
/// rounding cannot tell apart are then refused.
///
/// The ridge pulls towards a wire, `y[n] = x[n]`, and not towards silence. Where the data say nothing, out of the band of
/// the input, a model then has the gain of the wire. That matters once it is driven with something else: a predistorter
/// puts power where the capture had none. See ``robustRidge``.
public struct PolynomialFit: Sendable {
  /// Keeps solutions of thousands of terms finite and changes no error by more than 0.02 dB: for figures on the data.
  public static let defaultRidge = 1e-10

  /// For models that will meet other signals than those they were fitted to: amplifier models that predistorters are scored
  /// through, and predistorters in use. 30 dB below the energy of each column, it decides where the data hold next to
  /// nothing. On APA_200MHz it costs about 1 dB of fidelity; an amplifier model with the default ridge amplifies what a
  /// predistorter adds out of band by tens of dB, and makes a good one look worse than none.
  public static let robustRidge = 1e-3

  public let dictionary: PolynomialDictionary
  public let ridge: Double
  /// Largest input magnitude of the training split; beyond it a polynomial is an extrapolation.
  public var peakInput: Double { training.peak }
  private let training: PolynomialSamples
  private let validation: PolynomialSamples
  private let test: PolynomialSamples
  private let equations: NormalEquations

  /// - Parameters:
  ///   - splits: one I/Q pair in, one out; scored on outputs with true context of the dictionary only.
  ///   - ridge: relative to the energy of each column, from 0 up.
  /// - Throws: ``TrainingError`` with code `.data` when the samples do not suit the dictionary, or `.dictionary` for an
  ///   impossible ridge; `CancellationError`.
  /// - Complexity: O(samples × features² × delays) time and O(terms²) memory: 59,000 samples take well under a second with
  ///   the standard dictionary, and seconds with 2,000 terms.
  public init(
    _ dictionary: PolynomialDictionary = .standard, on splits: SampleSplits,
    ridge: Double = defaultRidge
  ) throws {
    guard ridge >= 0, ridge.isFinite else {
      throw TrainingError(
        .dictionary, "a ridge of \(ridge) is not possible",
        hint: "give a share of the columns' energy, such as 1e-10")
    }
    self.dictionary = dictionary
    self.ridge = ridge
    training = try PolynomialSamples(splits.training, for: dictionary, named: "training")
    validation = try PolynomialSamples(splits.validation, for: dictionary, named: "validation")
    test = try PolynomialSamples(splits.test, for: dictionary, named: "test")
    equations = try NormalEquations(training, dictionary)
  }

  /// Least squares over given terms.
  ///
  /// - Throws: ``TrainingError`` with code `.dictionary` when a term is foreign or repeated, `.singular` when the samples
  ///   cannot tell the terms apart.
  /// - Complexity: O(terms³).
  public func model(of terms: [PolynomialTerm]) throws -> FittedPolynomial {
    try scored([solved(terms)])[0]
  }

  /// The best models of 1, 2, ... terms by greedy selection, each refitted to all its terms.
  ///
  /// - Parameter limit: the longest model.
  /// - Returns: as many models as terms still lower the error beyond rounding, at most `limit`.
  /// - Throws: ``TrainingError`` with code `.data` when no term has anything in common with the target;
  ///   `CancellationError`.
  /// - Complexity: O(dictionary × terms² + samples × terms²).
  public func path(upTo limit: Int) throws -> [FittedPolynomial] {
    let chosen = try ForwardSelection(equations, limit: limit, ridge: ridge).chosen
    guard !chosen.isEmpty else {
      throw TrainingError(
        .data, "no term of the dictionary has anything in common with the target",
        hint: "check that input and target belong together, and ask for at least one term")
    }
    let terms = dictionary.terms
    return try scored((1...chosen.count).map { try solved(chosen.prefix($0).map { terms[$0] }) })
  }

  /// The model of a path that is best on the validation split; the shorter one of equals.
  public static func best(of path: [FittedPolynomial]) -> FittedPolynomial? {
    path.min { $0.nmse.validation < $1.nmse.validation }
  }

  private func solved(_ terms: [PolynomialTerm]) throws -> PolynomialModel {
    // Checks the terms before any column is looked up.
    _ = try PolynomialModel(
      dictionary: dictionary, terms: terms.map { PolynomialModel.WeightedTerm($0, re: 0, im: 0) })
    let coefficients = try equations.solve(
      terms.compactMap { dictionary.index(of: $0) }, ridge: ridge)
    return try PolynomialModel(
      dictionary: dictionary,
      terms: terms.indices.map {
        PolynomialModel.WeightedTerm(terms[$0], re: coefficients.re[$0], im: coefficients.im[$0])
      })
  }

  private func scored(_ models: [PolynomialModel]) throws -> [FittedPolynomial] {
    func nmse(_ samples: PolynomialSamples) throws -> [Double] {
      var run = PolynomialRun(models, on: samples)
      let energy = samples.targetEnergy
      return try run.errors(modelCount: models.count).map { decibels($0 / energy) }
    }
    let (training, validation, test) = try (nmse(training), nmse(validation), nmse(test))
    return models.indices.map {
      FittedPolynomial(
        model: models[$0],
        nmse: SplitNMSE(training: training[$0], validation: validation[$0], test: test[$0]))
    }
  }
}

/// Normalized mean square error of a polynomial in dB, over the outputs with true context of its dictionary.
///
/// - Throws: ``TrainingError`` with code `.data` as ``PolynomialFit``.
public func nmse(of model: PolynomialModel, on set: SampleSet) throws -> Double {
  let samples = try PolynomialSamples(set, for: model.dictionary, named: "given")
  var run = PolynomialRun([model], on: samples)
  return decibels(try run.errors(modelCount: 1)[0] / samples.targetEnergy)
}
