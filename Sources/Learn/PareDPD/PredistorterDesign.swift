import PareNumerics
public import PareSignal

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
