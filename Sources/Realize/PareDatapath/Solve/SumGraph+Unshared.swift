import PareNumerics

extension SumGraph {
  /// Every output as the sum of the signed digits of its coefficients; nothing is shared.
  public init(unsharing problem: SumProblem) {
    self.init(problem) { canonicalSignedDigits(of: $0) }
  }

  /// As ``init(unsharing:)``, from the binary digits of the coefficients' magnitudes: parts of a coefficient are never
  /// larger than the whole, so that no part of a sum needs more bits than its whole does.
  init(monotone problem: SumProblem) {
    self.init(problem) { coefficient in
      (0..<63).filter { coefficient.magnitude >> UInt64($0) & 1 == 1 }
        .map { SignedDigit(exponent: $0, isNegative: coefficient < 0) }
    }
  }

  private init(_ problem: SumProblem, digits: (Int64) -> [SignedDigit]) {
    self.init(
      nodes: [],
      outputs: problem.outputs.map { output in
        Sum(
          output.products.flatMap { product in
            digits(product.coefficient).map {
              Term(
                .input(product.input), shift: $0.exponent, delay: product.delay,
                isNegated: $0.isNegative)
            }
          }, bias: output.bias)
      })
  }
}
