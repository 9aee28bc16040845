/// The linear nodes of a graph in groups that are solved together, and an order of all nodes that keeps groups together.
///
/// Nodes are in one group when they are connected by common sources and the longest path to either has the same number of
/// linear nodes, so that none can depend on another.
struct LinearGroups {
  enum Step {
    /// A node that is not linear.
    case node(Int)
    /// Linear nodes, ascending.
    case group([Int])
  }

  private(set) var steps: [Step] = []

  init(_ datapath: Datapath) {
    let levels = Self.levels(datapath)
    let depth = levels.max() ?? 0
    var linears = Array(repeating: [Int](), count: depth + 1)
    var others = linears
    for (index, node) in datapath.nodes.enumerated() {
      if case .linear = node.op {
        linears[levels[index]].append(index)
      } else {
        others[levels[index]].append(index)
      }
    }
    // All that a linear node of a level reads is of a lower level; other nodes follow those of their own.
    for level in 0...depth {
      steps += Self.connected(linears[level], in: datapath).map(Step.group)
      steps += others[level].map(Step.node)
    }
  }

  /// Linear nodes on the longest path to each node, itself among them.
  private static func levels(_ datapath: Datapath) -> [Int] {
    var levels: [Int] = []
    levels.reserveCapacity(datapath.nodes.count)
    for node in datapath.nodes {
      let last = node.op.operands.map { levels[Int($0.index)] }.max() ?? 0
      if case .linear = node.op {
        levels.append(last + 1)
      } else {
        levels.append(last)
      }
    }
    return levels
  }

  /// The nodes, split where no common source connects them.
  private static func connected(_ linears: [Int], in datapath: Datapath) -> [[Int]] {
    var parents = Array(linears.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index {
        parents[index] = parents[parents[index]]
        index = parents[index]
      }
      return index
    }
    var readers: [Wire: Int] = [:]
    for (place, linear) in linears.enumerated() {
      for (atom, _) in datapath.linearAtoms(linear).atoms {
        guard let reader = readers[atom.wire] else {
          readers[atom.wire] = place
          continue
        }
        let (a, b) = (root(reader), root(place))
        parents[max(a, b)] = min(a, b)
      }
    }
    var groups: [[Int]] = []
    var numbers: [Int: Int] = [:]
    for (place, linear) in linears.enumerated() {
      let first = root(place)
      if let number = numbers[first] {
        groups[number].append(linear)
      } else {
        numbers[first] = groups.count
        groups.append([linear])
      }
    }
    return groups
  }
}

extension Datapath {
  /// The products of a linear node, delays looked through, in the order of their first appearance; equal ones are summed,
  /// and none is 0.
  ///
  /// - Precondition: the node is linear.
  func linearAtoms(
    _ index: Int
  ) -> (atoms: [(atom: AffineForm.Atom, coefficient: Int64)], bias: Int64) {
    guard case .linear(let terms, let bias) = nodes[index].op else {
      preconditionFailure("node \(index) is \(nodes[index].op.keyword)")
    }
    var places: [AffineForm.Atom: Int] = [:]
    var sums: [(atom: AffineForm.Atom, coefficient: Int64)] = []
    for term in terms {
      var (wire, delay) = (term.wire, term.delay)
      while case .delay(let source, let samples) = self[wire].op {
        wire = source
        delay += samples
      }
      let atom = AffineForm.Atom(wire: wire, delay: delay)
      if let place = places[atom] {
        // Wraps as the hardware does; the proven range excludes that it matters.
        sums[place].coefficient &+= term.coefficient
      } else {
        places[atom] = sums.count
        sums.append((atom, term.coefficient))
      }
    }
    return (sums.filter { $0.coefficient != 0 }, bias)
  }
}
