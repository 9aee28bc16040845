import PareNumerics

/// A shifted, delayed, signed word that waits to be added, or a constant.
struct RowLeaf {
  /// Nil for the constant.
  let source: SumGraph.Source?
  let shift: Int
  let delay: Int
  var isNegated: Bool
  /// When it is ready.
  let level: Int
  /// The word written out with its shift and delay, without its sign and without constants.
  let form: TapForm
  /// Constant part of the word, shifted as it is, without the sign; the value itself of the constant.
  let bias: Int64
  let range: WideRange
  /// Bits up to the highest of the range, places below the shift included.
  let width: Int

  init(
    source: SumGraph.Source?, shift: Int, delay: Int = 0, isNegated: Bool = false, level: Int,
    form: TapForm, bias: Int64, range: WideRange
  ) {
    self.source = source
    self.shift = shift
    self.delay = delay
    self.isNegated = isNegated
    self.level = level
    self.form = form
    self.bias = bias
    self.range = range
    width = range.signedBits
  }

  var isConstant: Bool { source == nil }
}

/// Joins the terms of one sum, two or three at a time, until they fit one row.
///
/// The depth is the least that the terms' levels allow: a join is allowed when the leaves that remain still fit a tree of
/// that depth, which is Kraft's inequality. Among the joins allowed, of the earliest and narrowest leaves, the one with the
/// fewest tables is made. An even number of leaves of ternary rows needs one binary row, which is made first, where the
/// words are narrowest.
///
/// - Source: Golumbic, Combinatorial Merging, IEEE Trans. Computers C-25, 1976 (least depth); Kumm, Zipf, FPL 2014 (rows of
///   three operands).
struct RowJoiner {
  /// All leaves that ever were, those that are joined already among them.
  private(set) var leaves: [RowLeaf]
  private let limit: Int
  private let inputs: [SumProblem.Input]
  /// The leaves that are left: a heap, earliest and narrowest first, and the constant apart.
  private var heap: [Int] = []
  private var constant: Int?
  private var positiveCount: Int
  /// Weights of levels in Kraft's sum, from the lowest level on; the depth's is the bound.
  private let lowestLevel: Int
  private let bound: Int128
  private var total: Int128 = 0

  /// Leaves looked at for a join, and taps up to which ranges are exact while candidates are compared.
  private static let window = 8
  private static let exactTaps = 24

  /// - Parameter limit: operands of a row, 2 or 3.
  /// - Precondition: at most one leaf is a constant.
  init(_ leaves: [RowLeaf], limit: Int, inputs: [SumProblem.Input]) {
    self.leaves = leaves
    self.limit = limit
    self.inputs = inputs
    let highest = leaves.map(\.level).max() ?? 0
    // Leaves that are far too early count as a little later, which keeps the sums within 128 bits.
    let lowest = max(leaves.map(\.level).min() ?? 0, highest - 40)
    lowestLevel = lowest
    let weights = leaves.map { Self.power(limit, max(0, $0.level - lowest)) }
    total = weights.reduce(0, +)
    var bound: Int128 = 1
    while bound < total { bound *= Int128(limit) }
    self.bound = bound
    positiveCount = leaves.count { !$0.isNegated }
    for index in leaves.indices {
      if leaves[index].isConstant { constant = index } else { push(index) }
    }
  }

  /// The leaves that are left, in order of readiness.
  var rest: [Int] { heap.sorted(by: isBefore) + (constant.map { [$0] } ?? []) }

  private var restCount: Int { heap.count + (constant == nil ? 0 : 1) }

  /// Takes the next leaves to be joined out of the rest, and tells whether their row is the negative of their sum; nil
  /// when the rest fits a row.
  mutating func takeNext(mayEndNegative: Bool) -> (indices: [Int], isNegated: Bool)? {
    // A row cannot subtract as many words as it has places.
    let rootLimit = mayEndNegative || positiveCount > 0 ? limit : limit - 1
    guard restCount > rootLimit else { return nil }
    var window: [Int] = []
    while window.count < Self.window, let index = pop() { window.append(index) }
    let candidates = window + (constant.map { [$0] } ?? [])
    // With the place that stays empty at the root when all leaves are subtracted.
    let places = restCount + window.count + limit - rootLimit
    let size = limit == 2 || places.isMultiple(of: 2) ? 2 : 3
    let choice =
      best(of: size, in: candidates, keepsDepth: true, mayEndNegative)
      ?? best(of: 5 - size, in: candidates, keepsDepth: true, mayEndNegative)
      // Leaves that are clamped to the lowest level can make every join seem too late.
      ?? best(of: 2, in: Array(candidates.prefix(2)), keepsDepth: false, mayEndNegative)!
    for index in choice.indices {
      total -= weight(leaves[index].level)
      if !leaves[index].isNegated { positiveCount -= 1 }
      if index == constant { constant = nil }
    }
    for index in window where !choice.indices.contains(index) { push(index) }
    return choice
  }

  mutating func add(_ leaf: RowLeaf) {
    leaves.append(leaf)
    total += weight(leaf.level)
    if !leaf.isNegated { positiveCount += 1 }
    push(leaves.count - 1)
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    (leaves[a].level, leaves[a].width, a) < (leaves[b].level, leaves[b].width, b)
  }

  private mutating func push(_ index: Int) {
    heap.append(index)
    var child = heap.count - 1
    while child > 0, isBefore(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Int? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if isBefore(heap[child], heap[least]) { least = child }
      }
      if least == parent { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  /// The cheapest join of so many leaves that keeps the depth.
  private func best(
    of size: Int, in window: [Int], keepsDepth: Bool, _ mayEndNegative: Bool
  ) -> (indices: [Int], isNegated: Bool)? {
    guard size <= limit, size <= window.count else { return nil }
    var best: (indices: [Int], isNegated: Bool)?
    var least = Double.infinity
    func consider(_ indices: [Int]) {
      let level = indices.map { leaves[$0].level }.max()!
      if keepsDepth {
        let taken = indices.reduce(Int128(0)) { $0 + weight(leaves[$1].level) }
        guard total - taken + weight(level + 1) <= bound else { return }
      }
      let (tables, isNegated) = price(indices, mayEndNegative)
      // A word that waits for another is carried along in registers, which are cheaper than tables.
      let waiting = indices.reduce(0) { sum, index in
        let leaf = leaves[index]
        return sum
          + (leaf.isConstant ? 0 : (level - leaf.level) * (leaf.width - leaf.shift))
      }
      let cost = Double(tables) + 0.25 * Double(waiting)
      if cost < least {
        least = cost
        best = (indices, isNegated)
      }
    }
    for i in window.indices {
      for j in window.indices where j > i {
        if size == 2 {
          consider([window[i], window[j]])
        } else {
          for k in window.indices where k > j { consider([window[i], window[j], window[k]]) }
        }
      }
    }
    return best
  }

  /// Tables of the row of these leaves in the better of its polarities, and which that is.
  func price(_ indices: [Int], _ mayEndNegative: Bool) -> (tables: Int, isNegated: Bool) {
    let range = range(of: indices)
    var choices: [Bool] = []
    let positives = indices.count { !leaves[$0].isNegated }
    let hasPositive = positives > 0
    let hasNegative = positives < indices.count
    if hasPositive { choices.append(false) }
    // A row that is the negative of its sum makes a subtracted leaf; another one must be left that is added.
    if hasNegative, !hasPositive || mayEndNegative || positiveCount > positives {
      choices.append(true)
    }
    var best = (tables: Int.max, isNegated: false)
    for flips in choices {
      var shape = RowShape()
      for index in indices {
        let leaf = leaves[index]
        shape.add(lsb: leaf.shift, isNegated: !leaf.isConstant && leaf.isNegated != flips)
      }
      let tables = shape.tables(width: (flips ? -range : range).signedBits)
      if tables < best.tables { best = (tables, flips) }
    }
    return best
  }

  private func range(of indices: [Int]) -> WideRange {
    let taps = indices.reduce(0) { $0 + leaves[$1].form.count }
    var isApart = true
    for (position, i) in indices.enumerated() {
      for j in indices[(position + 1)...] where !leaves[i].form.isApart(from: leaves[j].form) {
        isApart = false
      }
    }
    if isApart || taps > Self.exactTaps {
      return indices.reduce(WideRange(lower: 0, upper: 0)) {
        $0 + (leaves[$1].isNegated ? -leaves[$1].range : leaves[$1].range)
      }
    }
    let (form, bias) = sum(indices)
    return form.bounds(inputs) + WideRange(lower: Int128(bias), upper: Int128(bias))
  }

  /// The leaves written out together, signs applied.
  func sum(_ indices: [Int]) -> (form: TapForm, bias: Int64) {
    var form = TapForm()
    var bias: Int64 = 0
    for index in indices {
      let leaf = leaves[index]
      form = form.adding(leaf.form, negated: leaf.isNegated)
      bias = leaf.isNegated ? bias &- leaf.bias : bias &+ leaf.bias
    }
    return (form, bias)
  }

  private func weight(_ level: Int) -> Int128 {
    Self.power(limit, max(0, level - lowestLevel))
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int128 {
    var result: Int128 = 1
    for _ in 0..<exponent { result *= Int128(base) }
    return result
  }
}
