public import PareSignal

extension VolterraAmplifier {
  /// Fits sparse models: terms are chosen from a dictionary one by one, then all coefficients of a size are fitted together.
  ///
  ///     let models = try VolterraAmplifier.path(
  ///       name: "sparse", from: VolterraTerm.selectable, sizes: [60, 100, 140], input: x, output: y, margin: 200)
  ///     let best = models.min { error(of: $0, on: validation) < error(of: $1, on: validation) }
  ///
  /// - Parameters:
  ///   - dictionary: terms that equal others are left aside.
  ///   - sizes: numbers of terms, ascending. Where so many independent ones do not exist, the path ends with all there are.
  ///   - prior: as for the fit of one model; it takes part in the choice.
  /// - Returns: one model for each size, smallest first.
  /// - Throws: ``PredistortionError`` when the capture's lengths differ or the equations are singular; `CancellationError`.
  public static func path(
    name: String, from dictionary: [VolterraTerm], sizes: [Int], input: IQSignal,
    output: IQSignal, margin: Int, ridge: Double = 1e-7, prior: Prior? = nil, seed: UInt64 = 1
  ) throws -> [VolterraAmplifier] {
    precondition(
      sizes.allSatisfy { $0 > 0 } && zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 },
      "sizes \(sizes)")
    let equations = try ComplexEquations(
      of: dictionary, input: input, output: output, margin: margin, prior: prior, seed: seed)
    let order = try equations.order(limit: sizes.last ?? 0, ridge: ridge)
    var models: [VolterraAmplifier] = []
    for size in sizes {
      let support = order.prefix(size).sorted()
      if support.isEmpty || support.count == models.last?.terms.count { break }
      models.append(
        VolterraAmplifier(
          name: name, terms: support.map { dictionary[$0] },
          coefficients: try equations.restricted(to: support).solution(ridge: ridge)))
    }
    return models
  }
}

extension VolterraTerm {
  /// What sparse models are chosen from: ``volterra``, and some terms of fifth order, `|x|^2` times a correlation. On the
  /// benchmark's validation split the latter let 80 terms do what takes 150 without them.
  public static let selectable: [VolterraTerm] = {
    let fifth = (-1...4).flatMap { carrier in
      (1...2).flatMap { lag in
        // Where carrier and the later sample meet, the correlation is an envelope.
        (-1...2).filter { $0 + lag != carrier }.map {
          VolterraTerm(carrier: carrier, envelope: .correlation(lag: lag, power: 2), delay: $0)
        }
      }
    }
    return distinct(volterra + fifth)
  }()

  /// Terms without those that are the same signal as an earlier one.
  public static func distinct(_ terms: [VolterraTerm]) -> [VolterraTerm] {
    var known: Set<VolterraTerm> = []
    return terms.filter { known.insert($0.product).inserted }
  }

  /// Of the two ways to write `x(n - a) x(n - b) conj x(n - c)`, the one whose carrier is the later.
  private var product: VolterraTerm {
    guard case .correlation(let lag, 0) = envelope, carrier < delay else { return self }
    return VolterraTerm(
      carrier: delay, envelope: .correlation(lag: delay + lag - carrier, power: 0), delay: carrier)
  }
}
