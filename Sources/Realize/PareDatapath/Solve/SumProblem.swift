public import PareNumerics

/// Sums of products of streams with constants, all to be made of shifted adders: what ``SumGraph`` solves.
///
///     y_o[n] = bias_o + Σ coefficient * x_input[n - delay]
public struct SumProblem: Hashable, Sendable, Codable {
  public struct Input: Hashable, Sendable, Codable {
    /// What the stream can carry, without the 0 before its first sample.
    public let range: IntegerRange
    /// Adder levels after which it is ready, counted from the earliest input.
    public let arrival: Int

    public init(range: IntegerRange, arrival: Int = 0) {
      self.range = range
      self.arrival = arrival
    }
  }

  /// `coefficient * x_input[n - delay]`.
  public struct Product: Hashable, Sendable, Codable {
    public let coefficient: Int64
    public let input: Int
    /// Samples.
    public let delay: Int

    public init(_ coefficient: Int64, input: Int, delay: Int = 0) {
      self.coefficient = coefficient
      self.input = input
      self.delay = delay
    }
  }

  public struct Output: Hashable, Sendable, Codable {
    /// At most one product per input and delay, none with coefficient 0.
    public let products: [Product]
    public let bias: Int64

    public init(_ products: [Product], bias: Int64 = 0) {
      self.products = products
      self.bias = bias
    }
  }

  public let inputs: [Input]
  public let outputs: [Output]

  /// - Precondition: the products name inputs that exist, no delay is negative, and no coefficient is 0 or named twice.
  public init(inputs: [Input], outputs: [Output]) {
    for (index, output) in outputs.enumerated() {
      var seen: Set<Tap> = []
      for product in output.products {
        precondition(
          inputs.indices.contains(product.input) && product.delay >= 0 && product.coefficient != 0
            && seen.insert(Tap(input: product.input, delay: product.delay)).inserted,
          "output \(index) has no such product: \(product)")
      }
    }
    self.inputs = inputs
    self.outputs = outputs
  }

  /// An input some samples ago.
  public struct Tap: Hashable, Sendable, Codable, Comparable {
    public let input: Int
    public let delay: Int

    public init(input: Int, delay: Int) {
      self.input = input
      self.delay = delay
    }

    public static func < (a: Tap, b: Tap) -> Bool { (a.input, a.delay) < (b.input, b.delay) }
  }
}
