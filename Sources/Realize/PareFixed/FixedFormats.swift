public import PareNumerics

/// The word formats that a network is brought to: one per tensor.
public struct FixedFormats: Hashable, Sendable, Codable {
  public var input: WordFormat
  /// One per hidden convolution: what its activation is rounded to.
  public var activations: [WordFormat]
  public var output: WordFormat
  /// For weights without a quantizer only; signed digits are exact as they are.
  public var weights: WordFormat
  public var rounding: Rounding
  public var overflow: Overflow
  /// A tanh table has `2^tanhTableBits` entries for one sign.
  public var tanhTableBits: Int

  public init(
    input: WordFormat, activations: [WordFormat], output: WordFormat,
    weights: WordFormat = .paper, rounding: Rounding = .nearest, overflow: Overflow = .saturate,
    tanhTableBits: Int = 10
  ) {
    precondition((2...14).contains(tanhTableBits), "tanh table of 2^\(tanhTableBits) entries")
    self.input = input
    self.activations = activations
    self.output = output
    self.weights = weights
    self.rounding = rounding
    self.overflow = overflow
    self.tanhTableBits = tanhTableBits
  }

  /// One format everywhere; `<16,6>` is the paper's choice.
  public static func uniform(
    _ format: WordFormat = .paper, hiddenConvolutions: Int
  ) -> FixedFormats {
    FixedFormats(
      input: format, activations: Array(repeating: format, count: hiddenConvolutions),
      output: format, weights: format)
  }
}
