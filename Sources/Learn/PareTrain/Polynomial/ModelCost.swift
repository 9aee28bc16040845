public import PareNetwork

/// What a model stores and what it multiplies, in the same units for polynomials and networks.
///
/// **Real multiplications per sample** are those of the streaming form, where whatever depends on one sample only is
/// computed once and delayed, never computed again:
///
/// - Polynomial, features: `|x|²` takes 2. Even powers of the envelope are powers of `|x|²`, one multiplication each beyond
///   the first. An odd power starts from `|x|`, a square root (counted on its own, ``squareRoots``), and is one
///   multiplication of `|x|` by an even power. Only powers that a chosen term needs, and the even ones below them, are
///   counted, each once. Every chosen pair of lag and order then multiplies a complex sample by a real power: 2, once for all delays.
/// - Polynomial, coefficients: 4 per complex coefficient. (Three would do with additions instead, for networks as for
///   polynomials; nobody reports that.)
/// - Network: 1 per weight that is not zero, and the products of its features: 2 for `|x|²`, 2 for a correlation, 1 for every
///   envelope made of two others, 1 for every feature that multiplies a channel by one. `|x|` is a square root. Biases, ReLU, a
///   table of tanh, and the skip take none.
///
/// - Source: the cost of the features apart from that of the filter, and operations counted once per sample, follow Tehrani,
///   Cao, Afsardoost, Eriksson, Isaksson, Fager, A Comparative Analysis of the Complexity/Accuracy Tradeoff in Power
///   Amplifier Behavioral Models, IEEE Transactions on Microwave Theory and Techniques 58 (6), 2010,
///   doi:10.1109/TMTT.2010.2047920. That paper counts additions, too; they are left out here.
public struct ModelCost: Hashable, Sendable, Codable {
  /// Nil for a model that has no complex coefficients.
  public let complexCoefficients: Int?
  /// Real numbers stored that are not zero: two per complex coefficient; weights and biases of a network.
  public let realCoefficients: Int
  /// Real multiplications per sample.
  public let multiplications: Int
  /// Square roots per sample.
  public let squareRoots: Int

  public init(
    complexCoefficients: Int?, realCoefficients: Int, multiplications: Int, squareRoots: Int
  ) {
    self.complexCoefficients = complexCoefficients
    self.realCoefficients = realCoefficients
    self.multiplications = multiplications
    self.squareRoots = squareRoots
  }
}

extension PolynomialModel {
  /// All terms count, whatever their coefficients.
  public var cost: ModelCost {
    let features = Set(
      terms.map(\.term).filter { $0.order > 0 }.map {
        PolynomialFeature(lag: $0.lag, order: $0.order)
      })
    let orders = Set(features.map(\.order))
    let hasOdd = orders.contains { $0 % 2 == 1 }
    // |x|^2, |x|^4, ... up to the highest even power that a chosen order is or starts from.
    let highestEven = orders.map { $0 - $0 % 2 }.max() ?? 0
    // |x|^1 is the square root itself; |x|^3, |x|^5, ... are one multiplication each.
    let odd = orders.count { $0 % 2 == 1 && $0 > 1 }
    let square = orders.isEmpty ? 0 : 2
    let even = max(0, highestEven / 2 - 1)
    return ModelCost(
      complexCoefficients: terms.count, realCoefficients: 2 * terms.count,
      multiplications: square + even + odd + 2 * features.count + 4 * terms.count,
      squareRoots: hasOdd ? 1 : 0)
  }
}

extension Network {
  public var cost: ModelCost {
    ModelCost(
      complexCoefficients: nil,
      realCoefficients: nonZeroCount
        + layers.reduce(0) { $0 + $1.biases.count { $0 != 0 } },
      multiplications: nonZeroCount + architecture.featureMultiplications,
      squareRoots: architecture.features.envelopes.count { $0.origin == .root })
  }
}

extension Architecture {
  /// Products of signals that the features take, per sample.
  fileprivate var featureMultiplications: Int {
    features.envelopes.reduce(features.count(where: \.isProduct)) { sum, envelope in
      switch envelope.origin {
      case .squares, .correlation: sum + 2
      case .product: sum + 1
      case .root: sum
      }
    }
  }
}
