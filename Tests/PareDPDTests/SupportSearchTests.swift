import PareNumerics
import Testing

@testable import PareDPD

@Suite struct SupportSearchTests {
  private static let equations: SpectralEquations = {
    var dictionary = TermDictionary()
    dictionary.linearDelays = -1...1
    dictionary.powerLags = -1...1
    dictionary.powerDelays = 0...1
    dictionary.carrierDelays = 0...0
    dictionary.correlationLags = 1...1
    dictionary.correlationDelays = 0...0
    let input = ResidualGRUAmplifierTests.noise(1000, seed: 6, rms: 0.25)
    let goal = ResidualGRUAmplifierTests.noise(1000, seed: 7, rms: 0.02)
    let terms = dictionary.terms
    let bank = FeatureBank(Set(terms.map(\.channel)).sorted(), of: input)
    let drive = bank.drive(
      terms, terms.indices.map { $0 % 3 == 0 ? 0.3 / Double($0 + 1) : 0 }
    ).adding(goal, times: 1)
    do {
      let jacobian = try BandedJacobian(EchoAmplifier().tangent(at: input), ahead: 2, memory: 3)
      var equations = try SpectralEquations(
        terms, bank, jacobian, goal: drive, residual: nil, margin: 40,
        BandWeights(halfBand: 0.3, channel: 0.1))
      equations.addRounding(PredistorterWords())
      return equations
    } catch {
      fatalError("\(error)")
    }
  }()

  @Test func `keeps its error and coefficients through additions and removals`() throws {
    let equations = Self.equations
    var active = ActiveSet(equations)
    var random = RandomStream(seed: 2)
    for step in 0..<60 {
      if active.count > 6, step % 3 == 0 {
        active.drop(Int(random.next() % UInt64(active.count)))
      } else {
        let place = Int(random.next() % UInt64(equations.count))
        if active.canAdd(place) { active.add(place) }
      }
    }
    let direct = equations.restricted(to: active.members)
    let wanted = try direct.solution()
    // Rank-one updates of matrices with a condition near 1e6.
    for (own, other) in zip(active.coefficients, wanted) {
      #expect(abs(own - other) < 1e-6 * (1 + abs(other)))
    }
    #expect(abs(active.error - direct.error(of: wanted)) < 1e-8 * equations.energy)
    // What a removal is said to cost is what the smaller set loses.
    let loss = active.loss(2)
    let before = active.error
    active.drop(2)
    #expect(abs(active.error - before - loss) < 1e-9 * equations.energy)
    let channel = try #require(active.productChannels().first)
    let (whole, freed) = try active.loss(dropping: channel)
    let (error, products) = (active.error, active.products)
    active.drop(channel: channel)
    #expect(abs(active.error - error - whole) < 1e-8 * equations.energy)
    #expect(products - active.products == freed)
  }

  @Test func `foretells what an exchange does`() throws {
    let equations = Self.equations
    var active = ActiveSet(equations, members: [0, 3, 7, 12, 20, 31])
    let place = try #require(equations.terms.indices.first { active.canAdd($0) && $0 > 35 })
    let found = try #require(active.exchange(adding: place, within: .max))
    let before = active.error
    active.add(place)
    active.drop(found.index)
    #expect(abs(active.error - before - found.change) < 1e-8 * equations.energy)
  }

  @Test(arguments: [4, 8, 14]) func `stays within a number of products`(limit: Int) throws {
    let equations = Self.equations
    let search = try SupportSearch(equations, size: 12, products: limit)
    let channels = search.support.map { equations.terms[$0].channel }
    #expect(search.support.count == 12)
    #expect(FeatureCost(of: channels).products == search.products)
    #expect(search.products <= limit)
    let direct = equations.restricted(to: search.support)
    #expect(abs(direct.error(of: try direct.solution()) - search.error) < 1e-8 * equations.energy)
  }

  @Test func `is no worse than the path, and better for more products`() throws {
    let equations = Self.equations
    let path = try SupportPath(equations, sizes: 12...12, price: 0.25)
    let support = try #require(path.supports[12])
    let direct = equations.restricted(to: support)
    let reached = direct.error(of: try direct.solution())
    let errors = try [6, 10, .max].map {
      try SupportSearch(equations, size: 12, products: $0).error
    }
    #expect(errors[2] <= reached * (1 + 1e-9))
    #expect(errors[2] <= errors[1] && errors[1] <= errors[0])
  }

  @Test func `says when the dictionary has no such set`() {
    #expect(throws: PredistortionError.self) {
      try SupportSearch(Self.equations, size: 60, products: 0)
    }
  }
}
