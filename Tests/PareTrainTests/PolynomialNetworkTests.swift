import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

/// A network with no hidden layer over polynomial features is a memory polynomial.
@Suite struct `Networks as polynomials` {
  private let orders = [0, 2, 4]
  private let taps = 4

  /// The polynomial's complex coefficients as the real weights `[[re, -im], [im, re]]` of each feature's two channels.
  private func network(of polynomial: PolynomialModel) throws -> Network {
    let architecture = try Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [], kernelSize: taps,
      hasSkip: false, hasBiases: false)
    let shape = architecture.layerShapes[0]
    var weights = [Float](repeating: 0, count: shape.weightCount)
    for term in polynomial.terms {
      let feature = 2 * orders.firstIndex(of: term.term.order)!
      let (re, im, tap) = (Float(term.re), Float(term.im), term.term.delay)
      weights[shape.index(output: 0, input: feature, tap: tap)] = re
      weights[shape.index(output: 0, input: feature + 1, tap: tap)] = -im
      weights[shape.index(output: 1, input: feature, tap: tap)] = im
      weights[shape.index(output: 1, input: feature + 1, tap: tap)] = re
    }
    return Network(
      architecture: architecture,
      layers: [Layer(shape: shape, weights: weights, biases: [0, 0])],
      mask: Mask(allOf: architecture))
  }

  @Test func `give the polynomial's outputs`() throws {
    let dictionary = try PolynomialDictionary.memoryPolynomial(orders: [2, 4], delays: 0...3)
    var random = RandomStream(seed: 11)
    let polynomial = try PolynomialModel(
      dictionary: dictionary,
      terms: dictionary.terms.map {
        .init($0, re: random.normal() * 0.3, im: random.normal() * 0.3)
      })
    let input = Tasks.set(400, seed: 5).input
    let segments = [0..<150, 150..<400]
    let expected = polynomial(input, segments: segments)
    let got = try network(of: polynomial)(input, segments: segments)
    for (a, b) in zip(expected.joined(), got.joined()) {
      // Twelve complex terms of magnitude below one, in single precision.
      #expect(abs(a - b) < 3e-6)
    }
  }

  @Test func `cost the products of their features and one multiplication a weight`() throws {
    let dictionary = try PolynomialDictionary.memoryPolynomial(orders: [2, 4], delays: 0...3)
    let polynomial = try PolynomialModel(
      dictionary: dictionary, terms: dictionary.terms.map { .init($0, re: 0.5, im: 0.25) })
    let network = try network(of: polynomial)
    // |x|², |x|⁴, and i, q times each; four real products for each of twelve complex coefficients.
    #expect(network.cost.multiplications == 2 + 1 + 4 + 4 * 12)
    #expect(network.cost.multiplications == polynomial.cost.multiplications)
  }

  @Test func `cost every envelope once and a root for odd powers`() throws {
    let features = [
      "i|x|^5", "q|x[-2]|^5", "|x|^1", "i re(x x[-1]*)|x|^2", "q re(x x[-1]*)", "q im(x x[-1]*)",
    ]
    let architecture = try Architecture(
      features: features.map { try Feature(parsing: $0) }, hiddenChannels: [], kernelSize: 1,
      hasSkip: false, hasBiases: false)
    let network = Network(randomized: architecture, from: RandomStream(seed: 2))
    // |x|², |x|⁴, |x|⁵; two correlations, one of them times |x|²; five carriers; and the weights.
    #expect(network.cost.multiplications == 2 + 1 + 1 + 4 + 1 + 5 + network.nonZeroCount)
    #expect(network.cost.squareRoots == 1)
  }

  @Test func `second-order training finds the least-squares solution in one step`() throws {
    let splits = Tasks.splits
    let architecture = try Architecture(
      features: Feature.memoryPolynomial(order: 5), hiddenChannels: [], kernelSize: taps,
      lookAhead: 1, hasSkip: false, hasBiases: false)
    let shape = architecture.layerShapes[0]
    let start = Network(
      architecture: architecture,
      layers: [
        Layer(
          shape: shape, weights: Array(repeating: 0.01, count: shape.weightCount), biases: [0, 0])
      ], mask: Mask(allOf: architecture))
    var recipe = SecondOrderRecipe()
    recipe.damping = 1e-12
    recipe.iterations = 1
    let once = try LevenbergMarquardt(recipe).refine(start, on: splits).network
    recipe.iterations = 10
    let more = try LevenbergMarquardt(recipe).refine(start, on: splits).network
    let (first, last) = (
      try nmse(of: once, on: splits.training), try nmse(of: more, on: splits.training)
    )
    // A linear problem: what further steps gain is rounding.
    #expect(abs(first - last) < 0.01, "\(first) then \(last)")
    // Real taps from each channel to each can do what complex ones can, over the same samples.
    let dictionary = try PolynomialDictionary.memoryPolynomial(orders: [2, 4], delays: -1...2)
    let polynomial = try PolynomialFit(dictionary, on: splits).model(of: dictionary.terms)
    #expect(last < polynomial.nmse.training + 0.01, "\(last) against \(polynomial.nmse)")
  }
}
