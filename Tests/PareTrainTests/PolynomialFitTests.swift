import PareNumerics
import Testing

@testable import PareTrain

@Suite struct `Least squares of polynomials` {
  typealias Tasks = PolynomialTasks

  static func coefficients(_ model: PolynomialModel) -> [PolynomialTerm: (Double, Double)] {
    Dictionary(uniqueKeysWithValues: model.terms.map { ($0.term, ($0.re, $0.im)) })
  }

  @Test func `find known coefficients in data without noise`() throws {
    let fit = try PolynomialFit(Tasks.dictionary, on: Tasks.splits(), ridge: 0)
    let all = try fit.model(of: Tasks.dictionary.terms)
    let known = Self.coefficients(Tasks.model)
    for weighted in all.model.terms {
      let (re, im) = known[weighted.term] ?? (0, 0)
      // Targets are in single precision: 2^-24 of samples up to about 8, averaged over 600 of them.
      #expect(abs(weighted.re - re) < 1e-6 && abs(weighted.im - im) < 1e-6, "\(weighted)")
    }
    // Single precision leaves 10 log10(2^-48 / 3) = -149 dB.
    for error in [all.nmse.training, all.nmse.validation, all.nmse.test] { #expect(error < -140) }
  }

  @Test func `agree with Householder reflections on the columns themselves`() throws {
    let segments = [0..<250, 250..<600]
    let splits = Tasks.splits(noise: 0.2, segments: segments)
    let dictionary = try PolynomialDictionary(orders: [1, 2], delays: -1...2, lags: -1...1)
    let fit = try PolynomialFit(dictionary, on: splits, ridge: 0)
    for terms in [dictionary.terms, Array(dictionary.terms.reversed().prefix(7))] {
      let direct = DirectLeastSquares(
        terms, splits.training, past: dictionary.past, lookAhead: dictionary.lookAhead)
      let solved = try fit.model(of: terms).model.terms
      for (weighted, expected) in zip(solved, direct.solved()) {
        // The condition number of these columns is below 1e3; the Gram matrix squares it: 1e6 units of 1e-16, with a
        // hundredfold margin.
        #expect(abs(weighted.re - expected.re) < 1e-8, "\(weighted.term)")
        #expect(abs(weighted.im - expected.im) < 1e-8, "\(weighted.term)")
      }
    }
  }

  /// Lengths around the block of 1,024 outputs, odd ones, several stretches, and one too short to count.
  @Test(arguments: [[0..<1_040], [0..<1_029], [0..<40, 40..<45, 45..<2_200]])
  func `sum every product of two columns once`(segments: [Range<Int>]) throws {
    let dictionary = try PolynomialDictionary(orders: [1, 2], delays: -2...3, lags: -1...0)
    let count = segments.last!.upperBound
    let set = SampleSet(
      input: Tasks.noise(count, seed: 5), target: Tasks.noise(count, seed: 6), segments: segments)
    let samples = try PolynomialSamples(set, for: dictionary, named: "test")
    let equations = try NormalEquations(samples, dictionary)
    let long = segments.filter { $0.count > dictionary.past + dictionary.lookAhead }
    var direct = DirectLeastSquares(
      dictionary.terms,
      SampleSet(input: set.input, target: set.target, segments: [0..<count]),
      past: long[0].lowerBound + dictionary.past,
      lookAhead: count - long[0].upperBound + dictionary.lookAhead)
    for segment in long.dropFirst() {
      let more = DirectLeastSquares(
        dictionary.terms,
        SampleSet(input: set.input, target: set.target, segments: [0..<count]),
        past: segment.lowerBound + dictionary.past,
        lookAhead: count - segment.upperBound + dictionary.lookAhead)
      for column in direct.columns.indices { direct.columns[column] += more.columns[column] }
      direct.target += more.target
    }
    #expect(equations.count == dictionary.termCount)
    var random = RandomStream(seed: 7)
    for index in 0..<600 {
      // All of the diagonal and the right side, and a sample of the rest.
      let a = index % equations.count
      let b = index < equations.count ? a : random.index(below: equations.count)
      let product = direct.product(a, b)
      let place = a * equations.count + b
      // Sums of 2,000 products of order 10, taken in another order.
      #expect(abs(equations.re[place] - product.re) < 1e-8, "\(a) \(b)")
      #expect(abs(equations.im[place] - product.im) < 1e-8, "\(a) \(b)")
      let right = direct.product(a, nil)
      #expect(abs(equations.rightRe[a] - right.re) < 1e-8, "\(a)")
      #expect(abs(equations.rightIm[a] - right.im) < 1e-8, "\(a)")
    }
  }

  @Test func `leave on the training split what they do not explain`() throws {
    let splits = Tasks.splits(noise: 0.3)
    let fit = try PolynomialFit(Tasks.dictionary, on: splits, ridge: 0)
    let fitted = try fit.model(of: Array(Tasks.dictionary.terms.prefix(9)))
    let direct = DirectLeastSquares(
      fitted.model.terms.map(\.term), splits.training, past: Tasks.dictionary.past,
      lookAhead: Tasks.dictionary.lookAhead)
    var explained = 0.0
    for (index, weighted) in fitted.model.terms.enumerated() {
      let product = direct.product(index, nil)
      explained += weighted.re * product.re + weighted.im * product.im
    }
    let energy = direct.target.reduce(0) { $0 + $1.re * $1.re + $1.im * $1.im }
    // Both sides are sums of 600 squares in double precision; the difference loses one digit.
    #expect(abs(fitted.nmse.training - decibels(1 - explained / energy)) < 1e-10)
  }

  @Test func `err more and come closer to a wire with a larger ridge`() throws {
    let splits = Tasks.splits(noise: 0.3)
    var last: (error: Double, size: Double)?
    for ridge in [0, 1e-6, 1e-3, 1e-1, 1, 100, 1e9] {
      let fit = try PolynomialFit(Tasks.dictionary, on: splits, ridge: ridge)
      let fitted = try fit.model(of: Tasks.dictionary.terms)
      let direct = DirectLeastSquares(
        fitted.model.terms.map(\.term), splits.training, past: Tasks.dictionary.past,
        lookAhead: Tasks.dictionary.lookAhead)
      // The ridge weighs a coefficient's distance from the wire's by the energy of its column.
      let size = fitted.model.terms.indices.reduce(0.0) { sum, index in
        let weighted = fitted.model.terms[index]
        let distance = weighted.re - (weighted.term == PolynomialTerm(delay: 0) ? 1 : 0)
        return sum
          + (distance * distance + weighted.im * weighted.im) * direct.product(index, index).re
      }
      if let last {
        #expect(fitted.nmse.training > last.error)
        #expect(size < last.size)
      }
      last = (fitted.nmse.training, size)
    }
    let wire = try nmse(
      of: PolynomialModel(
        dictionary: Tasks.dictionary, terms: [.init(PolynomialTerm(delay: 0), re: 1, im: 0)]),
      on: splits.training)
    // The last ridge leaves a billionth of the way.
    #expect(abs(try #require(last).error - wire) < 1e-6)
  }

  @Test func `of aligned terms are those of a plain memory polynomial`() throws {
    let wide = try PolynomialDictionary(orders: [1, 2], delays: -1...2, lags: -1...1)
    let plain = try PolynomialDictionary.memoryPolynomial(orders: [1, 2], delays: -1...2)
    let aligned = wide.terms.filter { $0.lag == 0 }
    #expect(aligned == plain.terms)
    let splits = Tasks.splits(noise: 0.2)
    // Without lags one sample less is needed on either side; cut off, it leaves the same outputs to both.
    func trimmed(_ set: SampleSet) -> SampleSet {
      func cut(_ channel: [Float]) -> [Float] { Array(channel.dropFirst().dropLast()) }
      return SampleSet(input: set.input.map(cut), target: set.target.map(cut))
    }
    let ofWide = try PolynomialFit(wide, on: splits).model(of: aligned)
    let ofPlain = try PolynomialFit(
      plain,
      on: SampleSplits(
        training: trimmed(splits.training), validation: trimmed(splits.validation),
        test: trimmed(splits.test))
    ).model(of: plain.terms)
    for (a, b) in zip(ofWide.model.terms, ofPlain.model.terms) {
      #expect(a.term == b.term && abs(a.re - b.re) < 1e-11 && abs(a.im - b.im) < 1e-11)
    }
    #expect(abs(ofWide.nmse.test - ofPlain.nmse.test) < 1e-10)
  }

  @Test func `refuse terms that nothing tells apart, and solve them with a ridge`() throws {
    // On a circle of radius 1/2, |x|² x is x / 4, up to the rounding of single precision: exact here.
    var input: [[Float]] = [[], []]
    var random = RandomStream(seed: 3)
    for _ in 0..<400 {
      let quarter = random.index(below: 4)
      input[0].append([0.5, 0, -0.5, 0][quarter])
      input[1].append([0, 0.5, 0, -0.5][quarter])
    }
    let set = SampleSet(input: input, target: input)
    let splits = SampleSplits(training: set, validation: set, test: set)
    let dictionary = try PolynomialDictionary(orders: [2], delays: 0...2, lags: 0...0)
    let twin = PolynomialTerm(delay: 0, lag: 0, order: 2)
    let exact = try PolynomialFit(dictionary, on: splits, ridge: 0)
    do {
      _ = try exact.model(of: dictionary.terms)
      Issue.record("a singular system was solved")
    } catch let error as TrainingError {
      #expect(error.code == .singular(term: twin))
      #expect(error.message.contains("x[n]|x[n]|^2"))
    }
    let fitted = try PolynomialFit(dictionary, on: splits).model(of: dictionary.terms)
    #expect(fitted.nmse.test < -150)
    // The selection finds the identity and nothing more to gain.
    #expect(try exact.path(upTo: 6).map(\.model.terms.count) == [1])
  }

  @Test func `refuse data that do not suit`() throws {
    let good = Tasks.set(100, seed: 1)
    func fit(_ set: SampleSet, _ dictionary: PolynomialDictionary = Tasks.dictionary) throws {
      _ = try PolynomialFit(
        dictionary, on: SampleSplits(training: set, validation: good, test: good))
    }
    try fit(good)
    let zeros = [[Float]](repeating: [Float](repeating: 0, count: 100), count: 2)
    let huge = good.input.map { $0.map { $0 * 1e37 } }
    for bad in [
      SampleSet(input: [good.input[0]], target: good.target), Tasks.set(7, seed: 1),
      SampleSet(input: good.input, target: zeros),
      SampleSet(
        input: good.input, target: good.target,
        segments: (0..<20).map { 5 * $0..<5 * $0 + 5 }),
    ] {
      #expect { try fit(bad) } throws: { ($0 as? TrainingError)?.code == .data }
    }
    let steep = try PolynomialDictionary(orders: [10], delays: 0...0, lags: 0...0)
    #expect { try fit(SampleSet(input: huge, target: good.target), steep) } throws: {
      ($0 as? TrainingError)?.code == .data
    }
    // A silent input has no term that could be chosen or solved.
    let silent = SampleSplits(
      training: SampleSet(input: zeros, target: good.target), validation: good, test: good)
    let empty = try PolynomialFit(Tasks.dictionary, on: silent)
    #expect(throws: TrainingError.self) { try empty.path(upTo: 3) }
    #expect(throws: TrainingError.self) { try empty.model(of: [PolynomialTerm(delay: 0)]) }
    for ridge in [-1e-3, .nan, .infinity] {
      #expect(throws: TrainingError.self) {
        try PolynomialFit(
          Tasks.dictionary, on: SampleSplits(training: good, validation: good, test: good),
          ridge: ridge)
      }
    }
  }
}
