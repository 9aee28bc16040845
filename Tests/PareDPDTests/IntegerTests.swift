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
    let few = try DigitBudget(Self.quadratic, excess: 0, limit: 14)
    #expect(few.digitCount <= 14)
    #expect(few.error >= few.leastError)
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
    let cubic = FeatureChannel(delay: 0, part: .quadrature, envelope: .power(order: 1, lag: 2))
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
        n >= 1 ? round(q[n - 1] * (n >= 3 ? square[n - 3] : 0), 10, bank.exponents[1]) : 0
      #expect(got.i[n] == round(0.875 * ahead - 0.25 * scale * feature, 12, 0))
      #expect(got.q[n] == 0)
    }
    #expect(unit.productCount == 3)
    // Three digits into one output, and the sum of two squares.
    #expect(unit.adderCount == 3)
  }
}
