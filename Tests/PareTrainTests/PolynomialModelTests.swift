import PareNetwork
import PareNumerics
import PareText
import Testing

@testable import PareTrain

@Suite struct `Polynomials with memory` {
  typealias Tasks = PolynomialTasks

  @Test func `weigh each term as it is written`() throws {
    let dictionary = try PolynomialDictionary(orders: [1, 2, 3], delays: -1...2, lags: -1...1)
    // x = 3 + 4j, 5 - 12j, 8 + 15j: magnitudes 5, 13, 17.
    let x: [[Float]] = [[3, 5, 8], [4, -12, 15]]
    func output(_ term: PolynomialTerm, re: Double = 1, im: Double = 0) throws -> [[Float]] {
      try PolynomialModel(dictionary: dictionary, terms: [.init(term, re: re, im: im)])(x)
    }
    #expect(try output(PolynomialTerm(delay: 0)) == x)
    #expect(try output(PolynomialTerm(delay: 2)) == [[0, 0, 3], [0, 0, 4]])
    #expect(try output(PolynomialTerm(delay: -1)) == [[5, 8, 0], [-12, 15, 0]])
    #expect(try output(PolynomialTerm(delay: 0), im: 1) == [[-1, 17, -7], [7, -7, 23]])
    let aligned = PolynomialTerm(delay: 0, lag: 0, order: 1)
    #expect(try output(aligned) == [[15, 65, 136], [20, -156, 255]])
    // x[n] |x[n-1]|²: the envelope before the first sample is 0.
    let lagging = PolynomialTerm(delay: 0, lag: 1, order: 2)
    #expect(try output(lagging) == [[0, 125, 1_352], [0, -300, 2_535]])
    // x[n-1] |x[n]|³
    let leading = PolynomialTerm(delay: 1, lag: -1, order: 3)
    #expect(try output(leading) == [[0, 6_591, 24_565], [0, 8_788, -58_956]])
    #expect(leading.description == "x[n-1]|x[n]|^3" && lagging.description == "x[n]|x[n-1]|^2")
    #expect(PolynomialTerm(delay: -2).description == "x[n+2]")
  }

  @Test func `never look over a joint`() {
    let x = Tasks.noise(2_500, seed: 8)
    let segments = [0..<3, 3..<1_100, 1_100..<2_500]
    let joined = Tasks.model(x, segments: segments)
    for segment in segments {
      let alone = Tasks.model(x.map { Array($0[segment]) })
      #expect(alone == joined.map { Array($0[segment]) })
    }
    #expect(joined != Tasks.model(x))
    #expect(Tasks.model([[], []]) == [[], []])
  }

  @Test func `are scored on outputs with true context only`() throws {
    let set = Tasks.set(200, seed: 4, segments: [0..<90, 90..<200])
    // Delays reach 3 back and 2 ahead, lags one more either way.
    #expect(Tasks.dictionary.past == 4 && Tasks.dictionary.lookAhead == 3)
    var target = set.target
    for edge in [0, 3, 87, 89, 90, 93, 197, 199] { target[0][edge] = 1_000 }
    let exact = SampleSet(input: set.input, target: target, segments: set.segments)
    #expect(try nmse(of: Tasks.model, on: exact) < -140)
    target[1][4] += 1
    target[0][196] -= 2
    var power = 0.0
    for n in Array(4..<87) + Array(94..<197) {
      for channel in target { power += Double(channel[n]) * Double(channel[n]) }
    }
    let wrong = SampleSet(input: set.input, target: target, segments: set.segments)
    // Targets are rounded to single precision.
    #expect(abs(try nmse(of: Tasks.model, on: wrong) - decibels(5 / power)) < 1e-5)
  }

  @Test func `list every term of a dictionary where its index says`() throws {
    for dictionary in [
      Tasks.dictionary, .standard,
      try PolynomialDictionary(orders: [4, 1, 4, 0], delays: 3...5, lags: 1...2),
      try PolynomialDictionary(orders: [], delays: -4...(-2), lags: -3...3),
    ] {
      #expect(dictionary.terms.count == dictionary.termCount)
      #expect(Set(dictionary.terms).count == dictionary.termCount)
      for (index, term) in dictionary.terms.enumerated() {
        #expect(dictionary.index(of: term) == index)
        #expect(max(term.delay, term.delay + term.lag) <= dictionary.past)
        #expect(min(term.delay, term.delay + term.lag) >= -dictionary.lookAhead)
      }
    }
    #expect(PolynomialDictionary.standard.termCount == 651)
    for foreign in [
      PolynomialTerm(delay: 4), PolynomialTerm(delay: 0, lag: 2, order: 2),
      PolynomialTerm(delay: 0, lag: 0, order: 1),
    ] { #expect(Tasks.dictionary.index(of: foreign) == nil) }
  }

  @Test func `refuse dictionaries and terms that are not possible`() {
    for (orders, delays, lags) in [
      ([11], 0...0, 0...0), ([-1], 0...0, 0...0), ([2], -2_000...0, 0...0), ([2], 0...0, 0...2_000),
      ([1, 2, 3, 4], 0...499, -4...4),
    ] {
      #expect(throws: TrainingError.self) {
        try PolynomialDictionary(orders: orders, delays: delays, lags: lags)
      }
    }
    let one = PolynomialModel.WeightedTerm(PolynomialTerm(delay: 0), re: 1, im: 0)
    for terms in [
      [one, one], [.init(PolynomialTerm(delay: 9), re: 1, im: 0)],
      [.init(PolynomialTerm(delay: 0), re: .nan, im: 0)],
    ] {
      #expect(throws: TrainingError.self) {
        try PolynomialModel(dictionary: Tasks.dictionary, terms: terms)
      }
    }
  }

  @Test func `cost what a count by hand gives`() throws {
    let dictionary = try PolynomialDictionary(orders: 1...6, delays: 0...3, lags: 0...1)
    func cost(_ terms: [PolynomialTerm]) throws -> ModelCost {
      try PolynomialModel(
        dictionary: dictionary, terms: terms.map { .init($0, re: 1, im: 1) }
      ).cost
    }
    let linear = PolynomialTerm(delay: 2)
    #expect(
      try cost([linear])
        == ModelCost(
          complexCoefficients: 1, realCoefficients: 2, multiplications: 4, squareRoots: 0))
    // |x|² 2; times x 2, for both delays; 3 coefficients 12.
    let cubes = (0...1).map { PolynomialTerm(delay: $0, lag: 0, order: 2) }
    #expect(try cost([linear] + cubes).multiplications == 16)
    // |x|² 2, |x| a root; x |x| and x |x[n-1]| 2 each; 2 coefficients 8.
    let ones = (0...1).map { PolynomialTerm(delay: 0, lag: $0, order: 1) }
    #expect(try cost(ones).multiplications == 14 && cost(ones).squareRoots == 1)
    // |x|² 2, |x|^4 1, |x|^5 1, |x|^6 1; two features 4; 2 coefficients 8.
    let steep = [5, 6].map { PolynomialTerm(delay: 0, lag: 1, order: $0) }
    #expect(try cost(steep).multiplications == 17 && cost(steep).squareRoots == 1)

    var network = Network(randomized: PareTrainTests.Tasks.small, from: RandomStream(seed: 1))
    network.layers[0].weights[3] = 0
    network.layers[1].biases = [0, 0.5]
    let weights = PareTrainTests.Tasks.small.weightCount - 1
    #expect(
      network.cost
        == ModelCost(
          complexCoefficients: nil,
          realCoefficients: weights + network.layers[0].biases.count { $0 != 0 } + 1,
          multiplications: weights, squareRoots: 0))
  }

  static let document = PolynomialDocument(
    FittedPolynomial(
      model: Tasks.model, nmse: SplitNMSE(training: -40, validation: -39.5, test: -39.25)),
    dataset: "A", datasetHash: "00ff", task: "forward", gainRe: 1.25, gainIm: -0.1,
    sampleRate: 1e9, peakInput: 0.9)

  @Test func `come back from their file unchanged`() throws {
    let text = Self.document.text
    let read = try PolynomialDocument(text: text, file: "pa.json")
    #expect(read == Self.document && read.text == text)
    #expect(text.contains("\"schemaVersion\" : 1") && text.contains("\"sampleRateHz\""))
    #expect(text.contains("\"delays\" : [-2, 3]"))
    let x = Tasks.noise(100, seed: 2)
    #expect(read.fitted.model(x) == Tasks.model(x))
  }

  @Test(arguments: [
    ("\"schemaVersion\" : 1", "\"schemaVersion\" : 2"),
    ("\"delays\" : [-2, 3]", "\"delays\" : [3, -2]"),
    ("\"delays\" : [-2, 3]", "\"delays\" : [-2, 2]"),
    ("\"delays\" : [-2, 3]", "\"delays\" : [-2]"),
    ("\"order\" : 2", "\"order\" : -2"), ("\"orders\" : [2]", "\"orders\" : [3]"),
    ("\"peakInput\" : 0.9", "\"peakInput\" : -1"), ("\"dataset\" : \"A\",", ""),
  ])
  func `of an edited file are refused`(from: String, to: String) throws {
    let text = Self.document.text
    let range = try #require(text.firstRange(of: from), "\(from) in \(text)")
    let edited = text[..<range.lowerBound] + to + text[range.upperBound...]
    do {
      _ = try PolynomialDocument(text: String(edited), file: "pa.json")
      Issue.record("\(to) was read")
    } catch {
      #expect(error is TrainingError || error is JSONTextError)
    }
  }

  @Test func `stand in one table with networks`() {
    let network = Network(randomized: PareTrainTests.Tasks.small, from: RandomStream(seed: 1))
    let nmse = SplitNMSE(training: -30, validation: -29, test: -28.5)
    let scores = [
      ModelScore(name: "GMP", Self.document.fitted),
      ModelScore(name: "net", nmse: nmse, cost: network.cost),
    ]
    let lines = ModelScore.table(scores).text.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(
      lines[2].split(separator: " ") == ["GMP", "-40.00", "-39.50", "-39.25", "5", "10", "28", "0"])
    #expect(lines[3].split(separator: " ").prefix(5) == ["net", "-30.00", "-29.00", "-28.50", "-"])
  }
}
