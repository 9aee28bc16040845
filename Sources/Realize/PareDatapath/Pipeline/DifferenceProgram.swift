/// A linear program over integers whose constraints bound differences: the least `Σ weight(x) * x` with
/// `later - earlier >= gap` for each constraint.
///
/// Variable 0 is the origin and has the value 0. Its constraint matrix is that of a network, so that the best real solution
/// is an integer one.
struct DifferenceProgram: Hashable, Sendable {
  struct Constraint: Hashable, Sendable {
    let later: Int32
    let earlier: Int32
    let gap: Int32
  }

  /// Of each variable; the origin's is what makes their sum 0.
  private(set) var weights: [Int] = [0]
  private(set) var constraints: [Constraint] = []

  static let origin = 0

  var variableCount: Int { weights.count }

  /// A new variable, at least 0.
  mutating func addVariable() -> Int {
    weights.append(0)
    let variable = weights.count - 1
    require(variable, after: Self.origin, by: 0)
    return variable
  }

  /// Adds to the weight of a variable.
  mutating func weigh(_ variable: Int, by weight: Int) {
    weights[variable] += weight
    weights[Self.origin] -= weight
  }

  /// - Precondition: `earlier < later`, so that constraints cannot contradict each other.
  mutating func require(_ later: Int, after earlier: Int, by gap: Int) {
    if later == Self.origin, earlier == Self.origin {
      precondition(gap <= 0, "the origin must be \(gap) after itself")
      return
    }
    precondition(earlier < later, "variable \(later) is bounded by \(earlier), which is not before")
    constraints.append(
      Constraint(later: Int32(later), earlier: Int32(earlier), gap: Int32(gap)))
  }

  /// The solution in which every variable is as small as it can be.
  ///
  /// - Complexity: O(constraints).
  func earliest() -> [Int] {
    var starts = Array(repeating: 0, count: variableCount + 1)
    for constraint in constraints { starts[Int(constraint.later) + 1] += 1 }
    for variable in 0..<variableCount { starts[variable + 1] += starts[variable] }
    var next = starts
    var order = Array(repeating: 0, count: constraints.count)
    for (index, constraint) in constraints.enumerated() {
      order[next[Int(constraint.later)]] = index
      next[Int(constraint.later)] += 1
    }
    var values = Array(repeating: 0, count: variableCount)
    for index in order {
      let constraint = constraints[index]
      let bound = values[Int(constraint.earlier)] + Int(constraint.gap)
      if bound > values[Int(constraint.later)] { values[Int(constraint.later)] = bound }
    }
    return values
  }

  /// The weighted sum of a solution.
  func cost(of values: [Int]) -> Int {
    zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func isSatisfied(by values: [Int]) -> Bool {
    values[Self.origin] == 0
      && constraints.allSatisfy {
        values[Int($0.later)] - values[Int($0.earlier)] >= Int($0.gap)
      }
  }
}
