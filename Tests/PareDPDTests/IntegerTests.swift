import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

@Suite struct IntegerTests {
  private static let quadratic: QuadraticError = {
    var random = RandomStream(seed: 12)
    let n = 12
    let rows = (0..<40).map { _ in (0..<n).map { _ in random.normal() } }
    let goal = (0..<40).map { _ in random.normal() }
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n { matrix[i * n + j] = rows.reduce(0) { $0 + $1[i] * $1[j] } }
    }
    return QuadraticError(
      matrix: matrix, right: (0..<n).map { i in zip(rows, goal).reduce(0) { $0 + $1.0[i] * $1.1 } },
      energy: goal.reduce(0) { $0 + $1 * $1 })
  }()

  @Test func `solves and inverts`() throws {
    let q = Self.quadratic
    let n = q.count
    let (c, inverse) = (try q.solution(), try q.inverse())
    for i in 0..<n {
      let viaInverse = (0..<n).reduce(0) { $0 + inverse[i * n + $1] * q.right[$1] }
      // Condition below 100: a few units of 1e-14.
      #expect(abs(viaInverse - c[i]) < 1e-12)
    }
  }

  @Test func `spends digits until the error is near the least`() throws {
    let budget = try DigitBudget(Self.quadratic, excess: 0.02)
    #expect(budget.error <= budget.leastError * 1.02)
    #expect(abs(Self.quadratic.error(of: budget.coefficients) - budget.error) < 1e-9)
    for limit in [6, 14, 20] {
      let few = try DigitBudget(Self.quadratic, excess: 0, limit: limit)
      #expect(few.digitCount <= limit)
      #expect(few.error >= few.leastError)
      #expect(few.error <= Self.quadratic.energy)
    }
  }

  /// All values of up to two digits in a box around the solution, tried one by one.
  @Test func `finds digits nearly as good as trying all of them`() throws {
    var random = RandomStream(seed: 3)
    for _ in 0..<10 {
      let a = (0..<4).map { _ in random.normal() }
      let matrix = [a[0] * a[0] + 1, a[1], a[1], a[1] * a[1] + a[2] * a[2] + 0.5]
      let right = [random.normal(), random.normal()]
      let quadratic = QuadraticError(matrix: matrix, right: right, energy: 10)
      guard matrix[0] * matrix[3] > 1.01 * matrix[1] * matrix[1] else { continue }
      let found = try DigitBudget(quadratic, excess: 0, limit: 3, lowestExponent: -6)
      var least = Double.infinity
      let grid = (-512...512).map { Double($0) / 64 }
      let counts = grid.map { DigitBudget.digits(of: $0, lowest: -6).count }
      for (x, own) in zip(grid, counts) where own <= 3 {
        for (y, other) in zip(grid, counts) where own + other <= 3 {
          least = min(least, quadratic.error(of: [x, y]))
        }
      }
      // What is lost to the best is small beside what digits cost at all: the search is a descent.
      let free = quadratic.error(of: try quadratic.solution())
      #expect(found.error <= least + 0.5 * (least - free) + 1e-3 * quadratic.energy)
    }
  }

  @Test(arguments: [(0.75, 1, 0.5), (0.7, 2, 0.75), (-5, 2, -5), (0.34, 1, 0.25), (1e-6, 3, 0)])
  func `takes the nearest powers`(value: Double, digits: Int, wanted: Double) {
    let got = DigitBudget.nearest(value, digits: digits, lowest: -10)
    #expect(got == wanted)
    #expect(DigitBudget.digits(of: got, lowest: -10).count <= digits)
  }

  /// A term of each kind against the same words in doubles, which hold every product and sum exactly.
  @Test func `computes the words that exact arithmetic gives`() {
    let x = ResidualGRUAmplifierTests.noise(300, seed: 7, rms: 0.3)
    let plain = FeatureChannel(delay: 0, part: .inPhase, envelope: .one)
    let cubic = FeatureChannel(delay: 0, part: .quadrature, envelope: .power(exponent: 2, lag: 2))
    let terms = [
      PredistorterTerm(channel: plain, delay: -3, output: .inPhase),
      PredistorterTerm(channel: cubic, delay: 1, output: .inPhase),
    ]
    let digits = [
      [SignedDigit(exponent: 0, isNegative: false), SignedDigit(exponent: -3, isNegative: true)],
      [SignedDigit(exponent: -2, isNegative: true)],
    ]
    let words = PredistorterWords()
    let bank = FeatureBank([plain, cubic], of: x)
    let unit = IntegerPredistorter(
      terms: terms, digits: digits, words: words, bank: bank, calibration: x)
    func round(_ v: Double, _ bits: Int, _ exponent: Int) -> Double {
      let step = powerOfTwo(exponent - bits + 1)
      let word = (v / step + 0.5).rounded(.down)
      return min(max(word, -powerOfTwo(bits - 1)), powerOfTwo(bits - 1) - 1) * step
    }
    let (i, q) = (x.i.map { round($0, 12, 0) }, x.q.map { round($0, 12, 0) })
    let peak = (0..<300).map { x.i[$0] * x.i[$0] + x.q[$0] * x.q[$0] }.max()!
    let square = zip(i, q).map { round($0 * $0 + $1 * $1, 12, Int(peak.exponent) + 1) }
    let got = unit.predistort(x)
    // A digit counts a channel in units of the power of two above its peak.
    let scale = powerOfTwo(-bank.exponents[1])
    for n in 0..<300 {
      let ahead = n + 3 < 300 ? i[n + 3] : 0
      let feature =
        n >= 1 ? round(q[n - 1] * (n >= 3 ? square[n - 3] : 0), 12, bank.exponents[1]) : 0
      #expect(got.i[n] == round(0.875 * ahead - 0.25 * scale * feature, 12, 0))
      #expect(got.q[n] == 0)
    }
    #expect(unit.productCount == 3)
    // Three digits into one output, and the sum of two squares.
    #expect(unit.adderCount == 3)
  }

  @Test(arguments: [1, 3, 4]) func `takes powers of the envelope from its square`(exponent: Int) {
    let x = ResidualGRUAmplifierTests.noise(400, seed: 3, rms: 0.3)
    let channel = FeatureChannel(
      delay: 0, part: .inPhase, envelope: .power(exponent: exponent, lag: 0))
    let term = PredistorterTerm(channel: channel, delay: 0, output: .inPhase)
    let bank = FeatureBank([channel], of: x)
    let unit = IntegerPredistorter(
      terms: [term], digits: [[SignedDigit(exponent: -1, isNegative: false)]],
      words: PredistorterWords(), bank: bank, calibration: x)
    let got = unit.predistort(x)
    let scale = powerOfTwo(-1 - bank.exponents[0])
    for n in 0..<400 {
      // Input, envelopes, product and output are rounded to 12 bits: a few steps of 2^-12 of the largest values. The root of
      // a small square is coarse, but its carrier is as small.
      #expect(abs(got.i[n] - scale * bank.values[0][n]) < 5 * powerOfTwo(-11))
    }
    #expect(unit.predistort(x).q.allSatisfy { $0 == 0 })
  }
}
