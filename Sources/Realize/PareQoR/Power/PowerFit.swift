import PareDatapath
import PareNumerics
import PareTools

/// Energies that make up the power that samples report, by non-negative least squares.
///
/// Each part that a sample tells is an equation of the part's terms, a sample that tells only the whole is one of all terms.
/// An equation is divided by the power that it is about, so that errors are relative and a small design counts as much as a
/// large one. `<0.001` is an equation with a slack that cannot be negative: below the bound there is no error.
struct PowerFit {
  /// Joules of the terms that could be fitted.
  let energies: [PowerModel.Term: Double]
  /// The others, whose prior energies were taken as given.
  let kept: [PowerModel.Term: PowerCalibration.Reason]

  /// - Parameters:
  ///   - terms: to fit, if the samples allow.
  ///   - spare: equations that a part must have beyond one for each of its terms.
  init(
    _ samples: [PowerSample], terms: Set<PowerModel.Term>, prior: PowerModel, spare: Int
  ) {
    let equations = samples.flatMap(Equation.all)
    var kept: [PowerModel.Term: PowerCalibration.Reason] = [:]
    var free: [PowerModel.Term] = []
    for term in PowerModel.Term.allCases {
      let isSeen = equations.contains { !$0.isBound && ($0.amounts[term] ?? 0) > 0 }
      if !isSeen { kept[term] = .unseen }
      if isSeen, terms.contains(term) { free.append(term) }
    }
    for block in Self.blocks(equations) {
      let own = free.filter { block.contains($0.part) }
      let count = equations.count { equation in
        !equation.isBound && own.contains { (equation.amounts[$0] ?? 0) > 0 }
      }
      guard count < own.count + spare else { continue }
      for term in own { kept[term] = .tooFew(equations: count, terms: own.count) }
      free.removeAll { own.contains($0) }
    }
    // A term is told from those before it if a thousandth of its column is its own: reports have three digits.
    var factors = OrthogonalFactors(tolerance: 1e-3)
    free = free.filter { term in
      let isOwn = factors.add(
        equations.filter { !$0.isBound }.map { ($0.amounts[term] ?? 0) * $0.weight })
      if !isOwn { kept[term] = .inProportion }
      return isOwn
    }
    var columns = free.map { term in equations.map { ($0.amounts[term] ?? 0) * $0.weight } }
    for (row, equation) in equations.enumerated() where equation.isBound {
      var slack = [Double](repeating: 0, count: equations.count)
      slack[row] = 1
      columns.append(slack)
    }
    let target = equations.map { equation in
      var left = equation.watts
      for term in PowerModel.Term.allCases where !free.contains(term) {
        left -= (equation.amounts[term] ?? 0) * prior.joules(of: term)
      }
      return left * equation.weight
    }
    let fit = NonNegativeLeastSquares(columns: columns, target: target)
    energies = Dictionary(uniqueKeysWithValues: zip(free, fit.solution))
    self.kept = kept
  }

  /// Watts of a design, with prior energies where none were fitted.
  func watts(of sample: PowerSample, prior: PowerModel) -> Double {
    PowerModel.Term.allCases.reduce(0) { sum, term in
      sum + term.amount(in: sample.profile) * sample.clockHz
        * (energies[term] ?? prior.joules(of: term))
    }
  }

  /// Parts that equations tie together: each on its own unless something tells only the whole.
  private static func blocks(_ equations: [Equation]) -> [[PowerEstimate.Part]] {
    equations.contains { $0.part == nil }
      ? [PowerEstimate.Part.allCases] : PowerEstimate.Part.allCases.map { [$0] }
  }
}

/// Sums of amounts by energies that are a power, or that are below it.
private struct Equation {
  /// Nil for the whole.
  let part: PowerEstimate.Part?
  /// Per second.
  let amounts: [PowerModel.Term: Double]
  let watts: Double
  let isBound: Bool
  let weight: Double

  /// The smallest difference that reports of Vivado print, watts. Anything below is rounding, and gets no more weight than this.
  private static let step = 0.001

  private init(_ sample: PowerSample, _ part: PowerEstimate.Part?, _ power: BoundedNumber) {
    self.part = part
    var amounts: [PowerModel.Term: Double] = [:]
    for term in PowerModel.Term.allCases where part == nil || term.part == part {
      amounts[term] = term.amount(in: sample.profile) * sample.clockHz
    }
    self.amounts = amounts
    watts = power.value
    isBound = power.isUpperBound
    weight = 1 / max(power.value, Self.step)
  }

  static func all(of sample: PowerSample) -> [Equation] {
    guard !sample.parts.isEmpty else {
      return [Equation(sample, nil, BoundedNumber(sample.dynamicW))]
    }
    return PowerEstimate.Part.allCases.compactMap { part in
      sample.parts[part].map { Equation(sample, part, $0) }
    }
  }
}

extension PowerModel {
  /// The typical energy of a term.
  func joules(of term: Term) -> Double {
    guard let energy = energies[term] else { preconditionFailure("no energy of \(term)") }
    return energy.value.typical
  }
}
