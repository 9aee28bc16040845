import PareNumerics

/// Rewrites every linear node as a tree of shifted adders, one signed digit of a coefficient per leaf.
///
/// A zero tap vanishes and a single digit is a wire. Trees join what is ready first, and of that the narrowest words, so
/// that they are balanced; signs are pushed toward the root, where a positive leaf (the bias is one) absorbs them.
/// No digits are shared.
///
/// - Source: canonical signed digits as in ``canonicalSignedDigits(of:)``; joining the earliest two first gives the least
///   depth (Golumbic, Combinatorial Merging, IEEE Trans. Computers C-25, 1976).
public struct ExpandLinear: Pass {
  public init() {}

  public func callAsFunction(_ datapath: Datapath) throws -> Datapath {
    var delays: [AffineForm.Atom: Wire] = [:]
    var arrivals = Arrivals()
    let definesPort = datapath.definesPort
    return try datapath.rewriting { builder, index, op in
      let node = datapath.nodes[index]
      guard case .linear(let terms, let bias) = op else {
        return try builder.rebuild(node, as: op)
      }
      var leaves: [Leaf] = []
      for term in terms {
        let digits = canonicalSignedDigits(of: term.coefficient)
        if digits.isEmpty { continue }
        let atom = AffineForm.Atom(wire: term.wire, delay: term.delay)
        let wire = delays[atom] ?? builder.delay(term.wire, samples: term.delay)
        delays[atom] = wire
        for digit in digits {
          leaves.append(
            Leaf(wire: wire, shift: digit.exponent, isNegated: digit.isNegative))
        }
      }
      let fractionBits = node.format.fractionBits
      if bias != 0 {
        let zeros = bias.trailingZeroBitCount
        let odd = try builder.constant(
          bias >> Int64(zeros), fractionBits: fractionBits - zeros)
        leaves.append(Leaf(wire: odd, shift: zeros, isNegated: false))
      }
      if leaves.isEmpty { return try builder.rebuild(node, as: .constant(0)) }
      var tree = AdderTree(
        leaves, fractionBits: fractionBits, label: node.label, builder, &arrivals)
      let operands = try tree.rootOperands(&builder, &arrivals)
      let first = operands[0]
      let isWire =
        operands.count == 1 && first.shift == 0 && !first.isNegated
        && builder[first.wire].format.fractionBits == fractionBits
      if isWire, !definesPort[index] || builder[first.wire].format == node.format {
        return first.wire
      }
      return try builder.rebuild(node, as: .add(operands))
    }
  }
}

/// A shifted, signed wire that waits to be added.
private struct Leaf {
  let wire: Wire
  let shift: Int
  let isNegated: Bool

  func operand(less shift: Int = 0, isNegated: Bool? = nil) -> Operand {
    Operand(wire, shift: self.shift - shift, isNegated: isNegated ?? self.isNegated)
  }
}

/// Leaves in the order in which a tree takes them: the earliest, of these the narrowest, of these the first that came,
/// so that the same graph always gives the same tree.
private struct LeafQueue {
  private struct Entry {
    let stage: Int
    let bits: Int
    let number: Int
    let leaf: Leaf

    static func < (a: Entry, b: Entry) -> Bool {
      (a.stage, a.bits, a.number) < (b.stage, b.bits, b.number)
    }
  }

  /// A binary heap.
  private var entries: [Entry] = []
  private var pushed = 0
  /// Leaves that are added.
  private(set) var positives = 0

  var count: Int { entries.count }

  /// In the order in which they came.
  var leaves: [Leaf] { entries.sorted { $0.number < $1.number }.map(\.leaf) }

  mutating func push(_ leaf: Leaf, stage: Int, bits: Int) {
    entries.append(Entry(stage: stage, bits: bits, number: pushed, leaf: leaf))
    pushed += 1
    positives += leaf.isNegated ? 0 : 1
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Leaf {
    entries.swapAt(0, entries.count - 1)
    let leaf = entries.removeLast().leaf
    positives -= leaf.isNegated ? 0 : 1
    var parent = 0
    while true {
      var least = parent
      for child in 2 * parent + 1...2 * parent + 2
      where child < entries.count && entries[child] < entries[least] { least = child }
      if least == parent { return leaf }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}

private struct AdderTree {
  private var queue = LeafQueue()
  private let fractionBits: Int
  private let label: String
  private var inner = 0

  init(
    _ leaves: [Leaf], fractionBits: Int, label: String, _ builder: DatapathBuilder,
    _ arrivals: inout Arrivals
  ) {
    self.fractionBits = fractionBits
    self.label = label
    for leaf in leaves { push(leaf, builder, &arrivals) }
  }

  private mutating func push(
    _ leaf: Leaf, _ builder: DatapathBuilder, _ arrivals: inout Arrivals
  ) {
    queue.push(
      leaf, stage: arrivals.stage(of: leaf.wire, in: builder),
      bits: builder[leaf.wire].range.signedBits + leaf.shift)
  }

  /// One or two operands whose sum is that of all leaves; a positive one first, if any.
  mutating func rootOperands(
    _ builder: inout DatapathBuilder, _ arrivals: inout Arrivals
  ) throws -> [Operand] {
    while queue.count > 2 { try join(&builder, &arrivals) }
    if queue.count == 2, queue.positives == 0 { try join(&builder, &arrivals) }
    let leaves = queue.leaves
    return (leaves.filter { !$0.isNegated } + leaves.filter(\.isNegated)).map { $0.operand() }
  }

  /// Replaces the two earliest, narrowest leaves by their sum.
  private mutating func join(
    _ builder: inout DatapathBuilder, _ arrivals: inout Arrivals
  ) throws {
    let first = queue.pop()
    let second = queue.pop()
    let shift = min(first.shift, second.shift)
    let areNegated = first.isNegated && second.isNegated
    var pair = first.isNegated && !second.isNegated ? [second, first] : [first, second]
    var isNegated = areNegated
    // Below the higher operand's last place a subtracted word needs cells of its own and an added one none. So the
    // lower one is added, and the sign is left to the consumer if another leaf can take it in.
    if !areNegated, pair[1].isNegated, pair[1].shift < pair[0].shift,
      queue.positives > 0
    {
      pair.reverse()
      isNegated = true
    }
    let operands = pair.enumerated().map { index, leaf in
      leaf.operand(
        less: shift, isNegated: areNegated ? false : isNegated ? index == 1 : leaf.isNegated)
    }
    let name = label.isEmpty ? "" : "\(label)_a\(inner)"
    inner += 1
    let sum = try builder.add(operands, fractionBits: fractionBits - shift, label: name)
    push(Leaf(wire: sum, shift: shift, isNegated: isNegated), builder, &arrivals)
  }
}
