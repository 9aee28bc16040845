import PareNumerics
import PareSignal
import Testing

@testable import PareDPD

@Suite struct HermitianSystemTests {
  static func product(_ a: [[Complex]], _ x: [Complex]) -> [Complex] {
    a.map { row in zip(row, x).reduce(Complex.zero) { $0 + $1.0 * $1.1 } }
  }

  /// The products of `rank` random columns of n: Hermitian, without negative eigenvalues.
  static func matrix(_ n: Int, rank: Int, _ random: inout RandomStream) -> [[Complex]] {
    let factors = (0..<n).map { _ in
      (0..<rank).map { _ in Complex(random.normal(), random.normal()) }
    }
    return factors.map { row in
      factors.map { other in
        zip(row, other).reduce(Complex.zero) { $0 + $1.0 * $1.1.conjugate }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 10, 31])
  func `a solution solves`(n: Int) throws {
    var random = RandomStream(seed: 3).fork("whole \(n)")
    let matrix = Self.matrix(n, rank: n + 5, &random)
    let wanted = (0..<n).map { _ in Complex(random.normal(), random.normal()) }
    let solved = HermitianSystem(matrix).solution(for: Self.product(matrix, wanted), cutoff: 1e-13)
    #expect(solved.rank == n)
    // Condition numbers here stay below 1e5; doubles have sixteen digits.
    for (own, truth) in zip(solved.values, wanted) { #expect((own - truth).magnitude < 1e-9) }
  }

  @Test func `the trace is kept, and eigenvalues are those of the matrix`() {
    var random = RandomStream(seed: 3).fork("trace")
    let matrix = Self.matrix(12, rank: 12, &random)
    let system = HermitianSystem(matrix)
    let trace = matrix.indices.reduce(0) { $0 + matrix[$1][$1].re }
    #expect(abs(system.eigenvalues.reduce(0, +) - trace) < 1e-12 * trace)
    let energy = matrix.joined().reduce(0) { $0 + $1.squaredMagnitude }
    #expect(abs(system.eigenvalues.reduce(0) { $0 + $1 * $1 } - energy) < 1e-12 * energy)
  }

  @Test func `of all solutions of a singular system it is the shortest`() {
    var random = RandomStream(seed: 3).fork("singular")
    let matrix = Self.matrix(9, rank: 4, &random)
    let some = (0..<9).map { _ in Complex(random.normal(), random.normal()) }
    let target = Self.product(matrix, some)
    let solved = HermitianSystem(matrix).solution(for: target, cutoff: 1e-10)
    #expect(solved.rank == 4)
    for (own, truth) in zip(Self.product(matrix, solved.values), target) {
      #expect((own - truth).magnitude < 1e-9)
    }
    // Shortest: nothing of what the matrix maps to zero is in it, so it is orthogonal to the difference to any other.
    let inside = zip(solved.values, some).reduce(Complex.zero) {
      $0 + $1.0.conjugate * ($1.1 - $1.0)
    }
    #expect(inside.magnitude < 1e-9)
  }
}
