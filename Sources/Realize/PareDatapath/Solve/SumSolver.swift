import PareNumerics

/// Finds a small graph of shared, shifted adders for a problem: factoring with restarts, and the best of them.
///
/// Every result is checked against the problem before it is returned.
public struct SumSolver: Sendable {
  public let options: SolverOptions

  public init(_ options: SolverOptions) { self.options = options }

  /// The graph, lowered to rows of the family.
  ///
  /// - Throws: `CancellationError`.
  public func solve(_ problem: SumProblem) throws -> SumGraph {
    let graph = try factored(problem).lowered(toRowsOf: options.family, for: problem)
    do {
      try graph.verify(solves: problem)
    } catch {
      preconditionFailure("the solver gave a wrong graph: \(error)")
    }
    return graph
  }

  /// The same before it is lowered.
  func factored(_ problem: SumProblem) throws -> SumGraph {
    var search = FactorSearch(problem, options)
    return try search.run()
  }
}
