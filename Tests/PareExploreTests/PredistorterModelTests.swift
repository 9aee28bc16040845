import PareDatapath
import PareFixed
import PareNetwork
import PareNumerics
import PareSignal
import Testing

@testable import PareDPD
@testable import PareExplore

@Suite struct PredistorterModelTests {
  private static func signal(_ count: Int, seed: UInt64, rms: Double) -> IQSignal {
    var random = RandomStream(seed: seed)
    func draw() -> [Double] { (0..<count).map { _ in random.normal() * rms } }
    return IQSignal(i: draw(), q: draw())
  }

  /// Every kind of channel that a dictionary has.
  private static let dictionary: TermDictionary = {
    var dictionary = TermDictionary()
    dictionary.linearDelays = -4...6
    dictionary.powerLags = -2...2
    dictionary.powerDelays = -2...3
    dictionary.carrierDelays = -2...2
    dictionary.correlationLags = 1...2
    dictionary.correlationDelays = -1...1
    dictionary.poweredDelays = -1...1
    return dictionary
  }()

  private static func predistorter(seed: UInt64) -> IntegerPredistorter {
    var random = RandomStream(seed: seed)
    let all = dictionary.terms
    let terms = Set((0..<24).map { _ in all[Int(random.next() % UInt64(all.count))] }).sorted()
    let digits = terms.map { _ in
      let value = Int64(random.next() % 4000) - 2000
      return DigitBudget.digits(of: Double(value) * powerOfTwo(-13), lowest: -13)
    }
    let calibration = signal(400, seed: seed + 1, rms: 0.25)
    return IntegerPredistorter(
      terms: terms, digits: digits, words: PredistorterWords(),
      bank: FeatureBank(Set(terms.map(\.channel)).sorted(), of: calibration),
      calibration: calibration)
  }

  /// Two models of the same words, written apart: here channels and shifts over whole waveforms, there a streaming network.
  @Test(arguments: [1, 2, 3, 4, 5, 6]) func `gives the words of the network`(seed: UInt64) throws {
    let unit = Self.predistorter(seed: seed)
    let model = try unit.model(generator: "test")
    // Louder than what the words were made for, so that they saturate too.
    let x = Self.signal(700, seed: seed + 2, rms: 0.4)
    let own = unit.outputWords(for: x)
    let words = model.fixed.run(model.fixed.quantize(x.channels))
    #expect(words[0] == own.i)
    #expect(words[1] == own.q)
    #expect(Set(own.i).count > 100)
    #expect(model.network.nonZeroCount <= unit.coefficientCount)
    let read = try ModelFile(json: model.json, file: "model.json")
    #expect(read.fixed == model.fixed)
  }

  @Test func `has the gates of its integers`() throws {
    let model = try Self.predistorter(seed: 9).model(generator: "test")
    let datapath = try model.fixed.lowered()
    #expect(datapath.inputs.count == 2)
    // A product for each of the predistorter's.
    let products = datapath.nodes.count {
      if case .multiply(_, _) = $0.op { true } else { false }
    }
    #expect(products == Self.predistorter(seed: 9).productCount)
  }

  @Test(arguments: ["100", "100/22", "100/22/190"]) func `reads budgets`(text: String) throws {
    let budget = try PredistorterBudget(parsing: text)
    #expect(budget.coefficients == 100)
    #expect(budget.name.split(separator: "-").count == text.split(separator: "/").count)
  }

  @Test(arguments: ["", "0", "a", "100/", "100/2/3/4", "-4", "5000"])
  func `refuses what is no budget`(text: String) {
    #expect(throws: ExploreError.self) { try PredistorterBudget(parsing: text) }
  }

  @Test func `refuses coefficients that are all zero`() {
    let unit = Self.predistorter(seed: 3)
    let silent = IntegerPredistorter(
      terms: unit.terms, digits: unit.terms.map { _ in [] }, words: PredistorterWords(),
      bank: FeatureBank(
        Set(unit.terms.map(\.channel)).sorted(), of: Self.signal(50, seed: 1, rms: 0.2)),
      calibration: Self.signal(50, seed: 1, rms: 0.2))
    #expect(throws: PredistortionError.self) { try silent.model(generator: "test") }
  }
}
