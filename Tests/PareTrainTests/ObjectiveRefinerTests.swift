import PareNetwork
import PareNumerics
import Testing

@testable import PareTrain

/// The plain error of a network's output against another one's, over a signal without its edges.
private struct PlainObjective: NetworkObjective {
  let channels: [[Float]]
  let wanted: [[Float]]
  let range: Range<Int>
  let noiseError = 0.0

  init(_ teacher: Network, _ channels: [[Float]]) {
    self.channels = channels
    wanted = teacher(channels)
    range =
      teacher.architecture.pastSamples..<channels[0].count
      - teacher.architecture.futureSamples
  }

  func error(of network: Network) -> Double {
    zip(network(channels), wanted).reduce(0) { sum, pair in
      range.reduce(sum) {
        let e = Double(pair.0[$1]) - Double(pair.1[$1])
        return $0 + e * e
      }
    }
  }

  func score(of network: Network) -> Double { error(of: network) }

  func linearized(around network: Network) throws -> LinearizedError {
    let tangent = try NetworkTangent(of: network, at: channels)
    let count = tangent.slopes.count
    var rows = tangent.slopes.map { $0.flatMap { $0[range].map(Double.init) } }
    rows.append(
      zip(tangent.output, wanted).flatMap { pair in
        range.map { Double(pair.0[$0]) - Double(pair.1[$0]) }
      })
    let gram = rows.flatMap { a in rows.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    return LinearizedError(gram: gram, count: count)
  }
}

@Suite struct `Refinement for an objective` {
  private static let architecture = try! Architecture(
    hiddenChannels: [3], kernelSize: 2, activation: .tanh, lookAhead: 1,
    branch: LinearBranch(kernelSize: 3, lookAhead: 1))

  private static func objective() -> PlainObjective {
    PlainObjective(
      `Gradients`.network(architecture), `Tangents of networks`.channels(architecture, count: 200))
  }

  /// Far enough from the teacher that there is work, near enough for the same minimum.
  private static func student() -> Network {
    let teacher = `Gradients`.network(architecture)
    let parameters = FreeParameters(allOf: teacher).list(for: teacher)
    var random = RandomStream(seed: 3)
    return teacher.with(
      teacher.values(of: parameters).map { $0 + 0.1 * random.normal() }, of: parameters)
  }

  @Test func `never raises the error and finds the teacher`() throws {
    var errors: [Double] = []
    var recipe = SecondOrderRecipe()
    recipe.iterations = 30
    var refiner = try ObjectiveRefiner(Self.objective(), recipe) { errors.append($0.error) }
    let refined = try refiner.refine(Self.student())
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 <= $0 })
    // What is left is the rounding of floats: 400 outputs, 1e-7 each.
    #expect(Self.objective().error(of: refined) < 1e-9)
    #expect(errors[0] > 1e-2)
  }

  @Test func `has the error itself among the linearized sums`() throws {
    let (objective, student) = (Self.objective(), Self.student())
    let equations = try objective.linearized(around: student)
    let error = objective.error(of: student)
    #expect(abs(equations.squaredError - error) < 1e-6 * error)
  }

  @Test(arguments: [30, 17, 3])
  func `prunes to the very count`(count: Int) throws {
    var recipe = SecondOrderRecipe()
    recipe.iterations = 3
    recipe.dropFraction = 0.2
    recipe.candidates = 2
    var refiner = try ObjectiveRefiner(Self.objective(), recipe)
    let pruned = try refiner.prune(Self.student(), toNonZeroCount: count)
    #expect(pruned.mask.count == count)
    #expect(pruned.nonZeroCount == count)
  }

  @Test func `refuses a count that cannot be reached`() throws {
    var refiner = try ObjectiveRefiner(Self.objective())
    #expect(throws: TrainingError.self) {
      try refiner.prune(Self.student(), toNonZeroCount: 2)
    }
    #expect(throws: TrainingError.self) {
      try refiner.prune(Self.student(), toNonZeroCount: 1_000)
    }
  }
}
