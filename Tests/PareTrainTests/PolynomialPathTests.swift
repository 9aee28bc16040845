import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Greedy selection of terms` {
  typealias Tasks = PolynomialTasks

  @Test func `finds the right terms and then stops`() throws {
    let fit = try PolynomialFit(Tasks.dictionary, on: Tasks.splits(), ridge: 0)
    let path = try fit.path(upTo: 12)
    let known = Set(Tasks.model.terms.map(\.term))
    #expect(path.count == known.count)
    #expect(Set(path[known.count - 1].model.terms.map(\.term)) == known)
    #expect(path[known.count - 1].nmse.test < -140)
    #expect(path[0].model.terms.map(\.term) == [PolynomialTerm(delay: 0)])
  }

  @Test func `takes at every step the term that lowers the refitted error most`() throws {
    // Orders 1 to 3 resemble each other, so the product with the residual alone would often choose another term.
    let dictionary = try PolynomialDictionary(orders: 1...3, delays: -1...1, lags: 0...1)
    let fit = try PolynomialFit(dictionary, on: Tasks.splits(noise: 0.4), ridge: 0)
    var terms: [PolynomialTerm] = []
    for step in try fit.path(upTo: 6) {
      let candidates = dictionary.terms.filter { !terms.contains($0) }
      let best = try candidates.map { try fit.model(of: terms + [$0]).nmse.training }.min()!
      // Equal up to rounding, which may decide between terms of equal worth.
      #expect(step.nmse.training <= best + 1e-9)
      terms = step.model.terms.map(\.term)
    }
    #expect(terms.count == 6)
  }

  @Test func `gives the coefficients of least squares over the chosen terms`() throws {
    let fit = try PolynomialFit(Tasks.dictionary, on: Tasks.splits(noise: 0.4))
    let path = try fit.path(upTo: 8)
    for (index, step) in path.enumerated() {
      #expect(step.model.terms.count == index + 1)
      #expect(try fit.model(of: step.model.terms.map(\.term)) == step)
      if index > 0 {
        #expect(
          step.model.terms.map(\.term).dropLast() == path[index - 1].model.terms.map(\.term)[...])
        #expect(step.nmse.training < path[index - 1].nmse.training)
      }
    }
    let best = try #require(PolynomialFit.best(of: path))
    #expect(path.allSatisfy { best.nmse.validation <= $0.nmse.validation })
  }

  /// Printed once; sums, products, quotients and square roots in a fixed order give these bits on every processor.
  @Test func `gives the same bits everywhere`() throws {
    let dictionary = try PolynomialDictionary(orders: 1...3, delays: -1...2, lags: -1...1)
    let splits = Tasks.splits(noise: 0.4, segments: [0..<277, 277..<600])
    let last = try #require(try PolynomialFit(dictionary, on: splits).path(upTo: 10).last)
    var hash = StableHash()
    for weighted in last.model.terms {
      hash.combine(weighted.term.description)
      hash.combine(weighted.re.bitPattern)
      hash.combine(weighted.im.bitPattern)
    }
    #expect(hash.hex == "9a0258351f9e015d")
  }
}
