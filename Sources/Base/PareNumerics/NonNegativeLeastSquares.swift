/// The amounts, none below zero, of given columns whose sum comes nearest to a target.
///
///     let fit = NonNegativeLeastSquares(columns: [[1, 0], [0, 1]], target: [3, -2])   // 3 and 0
///
/// A column that is a combination of chosen ones gets nothing, so that the answer to an ambiguous question is one of several,
/// always the same.
///
/// - Source: Lawson, Hanson, Solving Least Squares Problems, 1974, chapter 23, algorithm NNLS; differs: columns are brought to
///   length one first, and a column is taken only if the residual becomes shorter, so that rounding cannot make it go in circles.
public struct NonNegativeLeastSquares: Sendable, Hashable {
  /// An amount for each column; zero exactly where nothing is taken.
  public let solution: [Double]
  /// The target without what the columns make up; as long as the target.
  public let residual: [Double]

  /// - Parameters:
  ///   - columns: each as long as the target, finite.
  ///   - target: finite.
  public init(columns: [[Double]], target: [Double]) {
    for (index, column) in columns.enumerated() {
      precondition(
        column.count == target.count,
        "column \(index) has \(column.count) rows, the target \(target.count)")
      precondition(column.allSatisfy(\.isFinite), "column \(index) is not finite")
    }
    precondition(target.allSatisfy(\.isFinite), "the target is not finite")
    let lengths = columns.map { dotProduct($0, $0).squareRoot() }
    let search = Search(
      columns: zip(columns, lengths).map { column, length in
        length > 0 ? column.map { $0 / length } : column
      }, target: target)
    let best = search.run()
    solution = zip(best.amounts, lengths).map { $1 > 0 ? $0 / $1 : 0 }
    residual = best.residual
  }

  private struct Search {
    /// Of length one, or all zeros.
    let columns: [[Double]]
    let target: [Double]

    struct State {
      var amounts: [Double]
      /// Columns that may have an amount, rising.
      var chosen: [Int] = []
      var residual: [Double]
    }

    func run() -> State {
      var state = State(
        amounts: [Double](repeating: 0, count: columns.count), residual: target)
      // A slope is a sum of products of columns of length one and the residual: below this it is rounding.
      let flat = 1e-13 * dotProduct(target, target).squareRoot()
      var refused = [Bool](repeating: false, count: columns.count)
      while true {
        let slopes = columns.map { dotProduct($0, state.residual) }
        let candidates = columns.indices.filter {
          !refused[$0] && !state.chosen.contains($0) && slopes[$0] > flat
        }
        guard let steepest = candidates.max(by: { slopes[$0] < slopes[$1] }) else { return state }
        if let next = step(from: state, taking: steepest),
          dotProduct(next.residual, next.residual) < dotProduct(state.residual, state.residual)
        {
          state = next
          refused = [Bool](repeating: false, count: columns.count)
        } else {
          refused[steepest] = true
        }
      }
    }

    /// The best with one more column, giving up columns whose amount would fall below zero; nil if the column is dependent.
    private func step(from state: State, taking column: Int) -> State? {
      var next = state
      next.chosen = (state.chosen + [column]).sorted()
      while true {
        var factors = OrthogonalFactors()
        for index in next.chosen where !factors.add(columns[index]) { return nil }
        let wanted = factors.solution(for: target)
        let falling = next.chosen.indices.filter { wanted[$0] <= 0 }
        // How far along the way the first of them reaches zero.
        func share(_ place: Int) -> Double {
          let amount = next.amounts[next.chosen[place]]
          return amount > 0 ? amount / (amount - wanted[place]) : 0
        }
        guard let first = falling.min(by: { share($0) < share($1) }) else {
          for (place, index) in next.chosen.enumerated() { next.amounts[index] = wanted[place] }
          next.residual = residual(of: next)
          return next
        }
        let way = share(first)
        for (place, index) in next.chosen.enumerated() {
          next.amounts[index] += way * (wanted[place] - next.amounts[index])
        }
        next.amounts[next.chosen[first]] = 0
        for place in falling where next.amounts[next.chosen[place]] < 0 {
          next.amounts[next.chosen[place]] = 0
        }
        next.chosen.remove(at: first)
      }
    }

    private func residual(of state: State) -> [Double] {
      var residual = target
      for index in state.chosen {
        for row in residual.indices { residual[row] -= state.amounts[index] * columns[index][row] }
      }
      return residual
    }
  }
}
