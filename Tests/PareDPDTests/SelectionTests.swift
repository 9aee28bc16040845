import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

@Suite struct SelectionTests {
  private static let input = ResidualGRUAmplifierTests.noise(1200, seed: 6, rms: 0.25)

  private static func dictionary() -> TermDictionary {
    var dictionary = TermDictionary()
    dictionary.linearDelays = -1...2
    dictionary.powerLags = -1...1
    dictionary.powerDelays = 0...1
    dictionary.carrierDelays = 0...1
    dictionary.correlationLags = 1...1
    dictionary.correlationDelays = 0...0
    return dictionary
  }

  private static func equations(
    goal: IQSignal, _ terms: [PredistorterTerm]
  ) throws -> SpectralEquations {
    let bank = FeatureBank(Set(terms.map(\.channel)).sorted(), of: input)
    let jacobian = try BandedJacobian(EchoAmplifier().tangent(at: input), ahead: 2, memory: 3)
    // Every bin with one weight.
    var weights = BandWeights(halfBand: 1, channel: 0)
    weights.inBand = 1
    return try SpectralEquations(
      terms, bank, jacobian, goal: goal, residual: nil, margin: 40, weights)
  }

  private static func planted() throws -> (terms: [PredistorterTerm], places: [Int], goal: IQSignal)
  {
    let terms = dictionary().terms
    let places = [0, 5, 9, 21, 40, 63].map { $0 % terms.count }.sorted()
    let chosen = places.map { terms[$0] }
    let bank = FeatureBank(Set(chosen.map(\.channel)).sorted(), of: input)
    return (terms, places, bank.drive(chosen, [0.9, -0.4, 0.7, 1.5, -2, 1.1]))
  }

  @Test func `finds a planted support`() throws {
    let (terms, places, goal) = try Self.planted()
    let equations = try Self.equations(goal: goal, terms)
    let path = try SupportPath(equations, sizes: 4...10, price: 0)
    let support = try #require(path.supports[6])
    // Terms that are linear combinations of others may stand in, so the error decides: rounding of single precision.
    let quadratic = equations.restricted(to: support)
    let error = quadratic.error(of: try quadratic.solution())
    #expect(abs(error) < 1e-9 * equations.energy)
    #expect(support == places)
  }

  @Test func `gives the error that a direct evaluation gives`() throws {
    let (terms, _, goal) = try Self.planted()
    let equations = try Self.equations(goal: goal, terms)
    let support = [1, 4, 8, 20]
    let quadratic = equations.restricted(to: support)
    let values = try quadratic.solution()
    let chosen = support.map { terms[$0] }
    let bank = FeatureBank(Set(chosen.map(\.channel)).sorted(), of: Self.input)
    let scaled = zip(values, support).map { $0 * powerOfTwo(-equations.exponents[$1]) }
    let missing = goal.adding(bank.drive(chosen, scaled), times: -1)
    let pushed = EchoAmplifier().tangent(at: Self.input).derivative(along: missing)
    let row = SpectralRow(count: 1200, margin: 40, BandWeights(halfBand: 1, channel: 0))
    var line = [Float](repeating: 0, count: row.stride)
    row.write(pushed.i.map(Float.init), pushed.q.map(Float.init), to: &line, at: 0)
    let direct = line.reduce(0) { $0 + Double($1) * Double($1) }
    // Rows are single precision: 1e-7 of the energy, doubled by the difference.
    #expect(abs(quadratic.error(of: values) - direct) < 1e-6 * equations.energy)
  }

  @Test func `prefers terms that need no new products when they cost`() throws {
    let (terms, _, goal) = try Self.planted()
    let equations = try Self.equations(goal: goal, terms)
    func products(_ price: Double) throws -> Int {
      let path = try SupportPath(equations, sizes: 5...5, overshoot: 1, price: price)
      return FeatureCost(of: path.supports[5]!.map { terms[$0].channel }).products
    }
    #expect(try products(100) < products(0))
  }

  @Test func `counts shared products once`() {
    func cost(_ exponents: Int...) -> FeatureCost {
      FeatureCost(
        of: exponents.flatMap { exponent in
          FeatureChannel.Part.allCases.map {
            FeatureChannel(
              delay: 0, part: $0, envelope: .power(exponent: exponent, lag: 1))
          }
        })
    }
    // i^2, q^2, their sum squared, and one product per part.
    #expect(cost(4).products == 5)
    #expect(cost(4).adders == 1)
    #expect(cost(4).tables == 0)
    // The root of the square is a table, |x|^3 one product more.
    #expect(cost(1).products == 4)
    #expect(cost(1, 2, 3).products == 9)
    #expect(cost(1, 2, 3).tables == 1)
  }
}
