import PareNetwork
import PareNumerics
import Testing

@testable import PareFixed

@Suite struct WordLengthSearchTests {
  /// Bits of all words that a network moves: a stand-in for logic that a test can follow.
  @Sendable static func bits(_ network: FixedNetwork) -> Double {
    var bits = Double(network.inputFormat.wordLength)
    for layer in network.layers {
      bits += Double(layer.result.format.wordLength)
      for tap in layer.taps { bits += Double(64 - tap.magnitude.leadingZeroBitCount) / 64 }
      if case .lookup(let table) = layer.activation { bits += Double(table.values.count) / 256 }
    }
    return bits
  }

  @Test(arguments: [1, 4, 7] as [UInt64])
  func `the formats found stay within the limit and no bit of them can go`(seed: UInt64) throws {
    let study = try WordLengthStudyTests.study(seed: seed)
    // The floor of the figures is -90 dB, so -50 dB are left.
    let limit = 40.0
    let search = WordLengthSearch(study, losingAtMost: limit, cost: Self.bits)
    let steps = try search.run()
    #expect(steps.count > 1)
    for step in steps { #expect(step.figures.nmse - study.reference.nmse <= limit) }
    let last = try #require(steps.last)
    #expect(last.cost <= steps[0].cost)
    for tensor in study.network.fixedTensors where last.formats[tensor].wordLength > 2 {
      var shorter = last.formats
      shorter[tensor] = WordFormat(
        wordLength: shorter[tensor].wordLength - 1, integerBits: shorter[tensor].integerBits)
      let fixed = try study.network.fixed(to: shorter)
      let loss = try study.figures(of: fixed).nmse - study.reference.nmse
      #expect(loss > limit || Self.bits(fixed) > last.cost)
    }
  }

  @Test func `a search repeats itself`() throws {
    let study = try WordLengthStudyTests.study(seed: 3)
    let search = WordLengthSearch(study, losingAtMost: 40, cost: Self.bits)
    #expect(try search.run() == search.run())
  }

  @Test func `a loss that no word length allows is an error with the figure`() throws {
    let study = try WordLengthStudyTests.study(seed: 2)
    let search = WordLengthSearch(study, losingAtMost: 1e-9, cost: Self.bits)
    do {
      _ = try search.run()
      Issue.record("the floor of -90 dB was kept by words of 20 bits")
    } catch let error as WordLengthError {
      guard case .unreachable(.nmse, 1e-9, let loss) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(loss > 1e-9)
      #expect(error.message.contains("nmse") && !error.hint.isEmpty)
    }
  }

  @Test func `a metric that was not measured is refused`() throws {
    let study = try WordLengthStudyTests.study(seed: 2)
    #expect(throws: WordLengthError.self) {
      try WordLengthSearch(study, losingAtMost: 1, of: .aclr, cost: Self.bits).run()
    }
  }
}
