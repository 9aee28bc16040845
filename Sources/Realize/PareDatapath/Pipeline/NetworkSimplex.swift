/// Solves a ``DifferenceProgram`` by its dual, a flow of least cost without capacities.
///
/// A constraint is an arc from its earlier to its later variable; a variable's weight is what must flow into it. A spanning
/// tree of arcs carries the flow, and the values that make every constraint of the tree tight are the candidate solution.
/// While some constraint is violated, its arc enters the tree, flow is pushed around the cycle that it closes, and an arc
/// whose flow becomes 0 leaves. An extra root holds what is not connected yet.
///
/// - Source: Ahuja, Magnanti, Orlin, Network Flows, 1993, chapter 11, with strongly feasible trees (Cunningham, A network
///   simplex method, Mathematical Programming 11, 1976), which exclude cycling.
struct NetworkSimplex {
  private let program: DifferenceProgram
  private let root: Int
  /// Gap of the arcs that join a variable to the root; no solution has a difference as large.
  private let far: Int

  // The tree, by variable. Arcs of the program have their index, those of the root lie behind.
  private var parent: [Int32]
  /// The arc between a variable and its parent.
  private var arc: [Int32]
  /// Whether that arc leads to the parent.
  private var isUpward: [Bool]
  private var flow: [Int]
  private var depth: [Int32]
  private var value: [Int]
  private var firstChild: [Int32]
  private var nextSibling: [Int32]
  private var previousSibling: [Int32]

  /// Arcs looked at before the most violated of them enters.
  private let blockSize: Int
  private var nextArc = 0
  private(set) var pivotCount = 0

  private init(_ program: DifferenceProgram) {
    self.program = program
    let count = program.variableCount
    root = count
    far = program.constraints.reduce(1) { $0 + Int(abs($1.gap)) }
    blockSize = max(16, Int(Double(program.constraints.count).squareRoot()))
    parent = Array(repeating: Int32(count), count: count) + [-1]
    arc = Array(repeating: -1, count: count + 1)
    isUpward = Array(repeating: true, count: count + 1)
    flow = Array(repeating: 0, count: count + 1)
    depth = Array(repeating: 1, count: count) + [0]
    value = Array(repeating: 0, count: count + 1)
    firstChild = Array(repeating: -1, count: count) + [0]
    nextSibling = (0..<Int32(count)).map { $0 + 1 < count ? $0 + 1 : -1 } + [-1]
    previousSibling = (0..<Int32(count)).map { $0 - 1 } + [-1]
    for variable in 0..<count {
      let demand = program.weights[variable]
      arc[variable] = Int32(program.constraints.count + variable)
      // An arc without flow must lead to the root.
      isUpward[variable] = demand <= 0
      flow[variable] = abs(demand)
      value[variable] = demand <= 0 ? far : -far
    }
  }

  struct Solution: Hashable, Sendable {
    /// Of the variables.
    let values: [Int]
    /// Of the constraints: what the cost rises by when a gap grows by 1. Not negative, and 0 unless the constraint is tight;
    /// what flows into a variable less what flows out is its weight. That proves that no solution costs less.
    let flows: [Int]
  }

  /// The best solution, and of those with equal cost always the same.
  ///
  /// - Precondition: the cost is bounded below.
  static func solve(_ program: DifferenceProgram) -> Solution {
    var simplex = NetworkSimplex(program)
    while let arc = simplex.violatedArc() { simplex.pivot(arc) }
    let origin = simplex.value[DifferenceProgram.origin]
    let values = simplex.value[..<program.variableCount].map { $0 - origin }
    precondition(program.isSatisfied(by: values), "a solution that breaks a constraint")
    var flows = Array(repeating: 0, count: program.constraints.count)
    for variable in values.indices where simplex.flow[variable] > 0 {
      let arc = Int(simplex.arc[variable])
      precondition(arc < flows.count, "the weighted sum has no least value")
      flows[arc] = simplex.flow[variable]
    }
    return Solution(values: values, flows: flows)
  }

  private func slack(_ constraint: DifferenceProgram.Constraint) -> Int {
    value[Int(constraint.later)] - value[Int(constraint.earlier)] - Int(constraint.gap)
  }

  /// The most violated constraint of the next block that has one.
  private mutating func violatedArc() -> Int? {
    let count = program.constraints.count
    var best: Int?
    var least = 0
    var leftInBlock = blockSize
    for _ in 0..<count {
      let slack = slack(program.constraints[nextArc])
      if slack < least {
        least = slack
        best = nextArc
      }
      nextArc = nextArc + 1 == count ? 0 : nextArc + 1
      leftInBlock -= 1
      if leftInBlock == 0 {
        if best != nil { return best }
        leftInBlock = blockSize
      }
    }
    return best
  }

  private mutating func pivot(_ entering: Int) {
    pivotCount += 1
    let constraint = program.constraints[entering]
    let (tail, head) = (Int(constraint.earlier), Int(constraint.later))
    // Around the cycle from where the two paths to the root meet, along the entering arc, the last arc that would run
    // empty leaves: that keeps the tree strongly feasible.
    var push = Int.max
    var leaving = -1
    var leavesOnHeadSide = false
    var (a, b) = (head, tail)
    while a != b {
      if depth[a] >= depth[b] {
        if !isUpward[a], flow[a] < push || (flow[a] == push) {
          push = flow[a]
          leaving = a
          leavesOnHeadSide = true
        }
        a = Int(parent[a])
      } else {
        if isUpward[b], flow[b] < push {
          push = flow[b]
          leaving = b
          leavesOnHeadSide = false
        }
        b = Int(parent[b])
      }
    }
    precondition(leaving >= 0, "constraints that contradict each other")
    let join = a
    if push > 0 {
      var node = head
      while node != join {
        flow[node] += isUpward[node] ? push : -push
        node = Int(parent[node])
      }
      node = tail
      while node != join {
        flow[node] += isUpward[node] ? -push : push
        node = Int(parent[node])
      }
    }
    let shift = -slack(constraint)
    if leavesOnHeadSide {
      rehang(from: head, upTo: leaving, onto: tail, by: entering, isUpward: false, push)
      move(head, by: shift)
    } else {
      rehang(from: tail, upTo: leaving, onto: head, by: entering, isUpward: true, push)
      move(tail, by: -shift)
    }
  }

  /// Cuts the subtree below `top` off its parent, turns it so that `bottom` is its top, and hangs it onto another node.
  private mutating func rehang(
    from bottom: Int, upTo top: Int, onto target: Int, by entering: Int, isUpward upward: Bool,
    _ push: Int
  ) {
    var node = bottom
    var newParent = target
    var (newArc, newUpward, newFlow) = (Int32(entering), upward, push)
    while true {
      let oldParent = Int(parent[node])
      let (oldArc, oldUpward, oldFlow) = (arc[node], isUpward[node], flow[node])
      unlink(node)
      parent[node] = Int32(newParent)
      (arc[node], isUpward[node], flow[node]) = (newArc, newUpward, newFlow)
      link(node)
      if node == top { return }
      (newArc, newUpward, newFlow) = (oldArc, !oldUpward, oldFlow)
      newParent = node
      node = oldParent
    }
  }

  private mutating func unlink(_ node: Int) {
    let (previous, next) = (previousSibling[node], nextSibling[node])
    if previous >= 0 {
      nextSibling[Int(previous)] = next
    } else {
      firstChild[Int(parent[node])] = next
    }
    if next >= 0 { previousSibling[Int(next)] = previous }
  }

  private mutating func link(_ node: Int) {
    let parent = Int(parent[node])
    let next = firstChild[parent]
    nextSibling[node] = next
    previousSibling[node] = -1
    if next >= 0 { previousSibling[Int(next)] = Int32(node) }
    firstChild[parent] = Int32(node)
  }

  /// Moves the values of a subtree, and corrects its depths.
  private mutating func move(_ top: Int, by shift: Int) {
    var node = top
    while true {
      value[node] += shift
      depth[node] = depth[Int(parent[node])] + 1
      if firstChild[node] >= 0 {
        node = Int(firstChild[node])
        continue
      }
      while node != top, nextSibling[node] < 0 { node = Int(parent[node]) }
      if node == top { return }
      node = Int(nextSibling[node])
    }
  }
}
