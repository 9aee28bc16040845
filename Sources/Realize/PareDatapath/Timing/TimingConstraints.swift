/// Finds the ways between nodes that take longer than a clock, each of which needs a register.
///
/// From every node the logic that its result can reach is followed until the time is over. A way is found only if it is
/// shortest: without its first or its last node it is fast enough.
///
/// - Source: Leiserson, Saxe, Retiming Synchronous Circuitry, Algorithmica 6, 1991, section 5; Shenoy, Rudell, Efficient
///   Implementation of Retiming, ICCAD 1994, on leaving out what other constraints imply.
struct TimingConstraints {
  struct Constraint: Hashable {
    let source: Int
    /// A node, or nil for the outputs.
    let reader: Int?
    /// Sample delays on the way.
    let delay: Int
  }

  /// The ways with a common end so far: the sample delays on them, and when their last node's result is there.
  private struct Label {
    let delay: Int
    var arrival: Arrival
    /// The same when the way's first node is a register.
    var withoutFirst: Arrival
  }

  private let graph: CombinationalGraph
  /// Whether a node's result stands in a register of its own.
  private let isRegistered: [Bool]
  /// Picoseconds between two registers.
  private let limit: Int

  private var labels: [[Label]]
  private var waiting = NodeQueue()
  private(set) var found: [Constraint] = []

  init(_ graph: CombinationalGraph, isRegistered: [Bool], limit: Int) {
    self.graph = graph
    self.isRegistered = isRegistered
    self.limit = limit
    labels = Array(repeating: [], count: graph.delays.count)
    for source in graph.delays.indices
    where !graph.delays[source].isWire && !isRegistered[source] {
      follow(source)
    }
  }

  private mutating func follow(_ source: Int) {
    labels[source] = [
      Label(delay: 0, arrival: graph.alone[source], withoutFirst: .register)
    ]
    waiting.insert(source)
    // The strongest constraint of each reader has the least delay, and is met first or replaces later ones.
    var direct: Int?
    while let node = waiting.popLeast() {
      let reached = labels[node]
      labels[node] = []
      for edge in graph.edges[node] {
        for label in reached {
          let delay = label.delay + edge.delay
          guard let reader = edge.reader else {
            if label.withoutFirst == .register { direct = min(direct ?? delay, delay) }
            continue
          }
          let step = graph.delays[reader]
          let arrival = step(label.arrival.delayed(by: edge.net))
          let withoutFirst = step(label.withoutFirst.delayed(by: edge.net))
          let isDirect = label.withoutFirst == .register
          if graph.readsRegisters[reader] {
            if isDirect { found.append(Constraint(source: source, reader: reader, delay: delay)) }
          } else if arrival.high > limit, !step.isWire {
            if isDirect || withoutFirst.high <= limit {
              found.append(Constraint(source: source, reader: reader, delay: delay))
            }
          } else if !isRegistered[reader] {
            reach(reader, Label(delay: delay, arrival: arrival, withoutFirst: withoutFirst))
          }
        }
      }
    }
    if let direct { found.append(Constraint(source: source, reader: nil, delay: direct)) }
  }

  private mutating func reach(_ node: Int, _ label: Label) {
    if labels[node].isEmpty { waiting.insert(node) }
    if let index = labels[node].firstIndex(where: { $0.delay == label.delay }) {
      let old = labels[node][index]
      labels[node][index].arrival = old.arrival.joined(label.arrival)
      labels[node][index].withoutFirst = old.withoutFirst.joined(label.withoutFirst)
    } else {
      labels[node].append(label)
    }
  }
}

/// Indices that come out in order, each once.
private struct NodeQueue {
  /// A binary heap, least first.
  private var heap: [Int] = []

  mutating func insert(_ node: Int) {
    heap.append(node)
    var child = heap.count - 1
    while child > 0, heap[(child - 1) / 2] > heap[child] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popLeast() -> Int? {
    guard let least = heap.first else { return nil }
    heap[0] = heap[heap.count - 1]
    heap.removeLast()
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      if child >= heap.count || heap[parent] <= heap[child] { return least }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
