import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

@Suite struct VolterraSelectionTests {
  private static let dictionary = VolterraTerm.selectable
  private static let places = [2, 33, 71, 140, 201, 260, 300]

  private static let planted: VolterraAmplifier = {
    var random = RandomStream(seed: 21)
    return VolterraAmplifier(
      name: "planted", terms: places.map { dictionary[$0] },
      coefficients: places.map { _ in Complex(random.normal(), random.normal()) })
  }()

  private static let input = ResidualGRUAmplifierTests.noise(3000, seed: 5, rms: 0.4)

  private static func path(
    _ sizes: [Int], output: IQSignal, prior: VolterraAmplifier.Prior? = nil
  ) throws -> [VolterraAmplifier] {
    try VolterraAmplifier.path(
      name: "path", from: Self.dictionary, sizes: sizes, input: input, output: output, margin: 30,
      ridge: 1e-12, prior: prior)
  }

  @Test func `finds planted terms among all`() throws {
    let model = try #require(
      Self.path([Self.places.count], output: Self.planted.amplify(Self.input)).first)
    #expect(model.terms == Self.planted.terms)
    for (own, planted) in zip(model.coefficients, Self.planted.coefficients) {
      // Columns in single precision.
      #expect((own - planted).magnitude < 1e-4)
    }
  }

  @Test func `ends where nothing is left to explain`() throws {
    // What rounding to single precision leaves is 70 dB and more below a term; each further term finds a little of it.
    let models = try Self.path([3, 7, 9], output: Self.planted.amplify(Self.input))
    let errors = models.map {
      nmse(
        $0.amplify(Self.input), against: Self.planted.amplify(Self.input), in: [30..<2970])
    }
    #expect(errors[0] > -30)
    #expect(errors[1...].allSatisfy { $0 < -100 })
  }

  @Test func `grows by nested supports whose errors fall`() throws {
    let noise = ResidualGRUAmplifierTests.noise(3000, seed: 6, rms: 0.05)
    let output = EchoAmplifier(compression: 0.3).amplify(Self.input).adding(noise, times: 1)
    let models = try Self.path([1, 2, 5, 12, 40], output: output)
    #expect(models.map(\.terms.count) == [1, 2, 5, 12, 40])
    for (small, large) in zip(models, models.dropFirst()) {
      #expect(Set(small.terms).isSubset(of: large.terms))
      func error(_ model: VolterraAmplifier) -> Double {
        (model.amplify(Self.input) - output)[30..<2970].energy()
      }
      #expect(error(large) < error(small))
    }
  }

  /// The first term of the path against a search of all terms, each fitted alone.
  @Test func `begins with the term that explains most alone`() throws {
    let output = EchoAmplifier(compression: 0.3).amplify(Self.input)
    let first = try #require(Self.path([1], output: output).first)
    let alone = try Self.dictionary.map { term in
      let model = try VolterraAmplifier(
        name: "", terms: [term], input: Self.input, output: output, margin: 30)
      return (model.amplify(Self.input) - output)[30..<2970].energy()
    }
    #expect(first.terms == [Self.dictionary[alone.firstIndex(of: alone.min()!)!]])
  }

  @Test func `is fitted as one model of its terms is`() throws {
    let output = EchoAmplifier(compression: 0.3).amplify(Self.input)
    let prior = VolterraAmplifier.Prior(amplifier: EchoAmplifier(), halfBand: 0.2, weight: 1e-2)
    let model = try #require(Self.path([15], output: output, prior: prior).first)
    let direct = try VolterraAmplifier(
      name: "path", terms: model.terms, input: Self.input, output: output, margin: 30,
      ridge: 1e-12, prior: prior)
    #expect(model == direct)
  }

  @Test(arguments: [VolterraTerm.volterra, VolterraTerm.oddVolterra])
  func `keeps every signal of a dictionary once`(terms: [VolterraTerm]) {
    let x = ResidualGRUAmplifierTests.noise(80, seed: 1, rms: 1)
    func signal(_ term: VolterraTerm) -> [Int] {
      let y = VolterraAmplifier(name: "", terms: [term], coefficients: [Complex(1)]).amplify(x)
      // Rounded, since the order of the factors may differ.
      return (30..<50).flatMap {
        [Int((y.i[$0] * 1e6).rounded()), Int((y.q[$0] * 1e6).rounded())]
      }
    }
    let distinct = VolterraTerm.distinct(terms)
    let own = Set(distinct.map(signal))
    #expect(own.count == distinct.count)
    #expect(own == Set(terms.map(signal)))
  }

  @Test func `ends when the dictionary is used up`() throws {
    let twice: [VolterraTerm] = [
      .linear(0), .linear(1),
      VolterraTerm(carrier: 2, envelope: .correlation(lag: 3, power: 0), delay: 0),
      VolterraTerm(carrier: 0, envelope: .correlation(lag: 1, power: 0), delay: 2),
    ]
    let models = try VolterraAmplifier.path(
      name: "", from: twice, sizes: [2, 4, 6], input: Self.input,
      output: EchoAmplifier().amplify(Self.input), margin: 30)
    #expect(models.map(\.terms.count) == [2, 3])
  }
}
