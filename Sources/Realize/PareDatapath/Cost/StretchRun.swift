import PareNumerics

/// Evaluates a graph over one stretch of samples from zero state, node by node, and shows every node's values once.
///
/// A row holds a node's whole stretch behind zeros for the delays that reach back before it, so that a delay is the same row
/// read at another place. A row whose last reader is done serves another node: memory follows the graph's width, not
/// its size.
struct StretchRun {
  private let datapath: Datapath
  private let count: Int
  /// Zeros in front of every row.
  let lead: Int
  /// For each node, the node that makes its row and the samples by which it is read late.
  private let sources: [(index: Int, delay: Int)]
  private let lastReaders: [Int]
  private var rows: [[Int64]]
  private var spares: [[Int64]] = []

  /// - Parameter count: samples of the stretch.
  init(_ datapath: Datapath, count: Int) {
    self.datapath = datapath
    self.count = count
    let undelayed = datapath.nodes.indices.map { index in
      let (wire, delay) = datapath.undelayed(Wire(index))
      return (index: Int(wire.index), delay: delay)
    }
    sources = undelayed
    var lead = 0
    var lastReaders = Array(datapath.nodes.indices)
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      func read(_ wire: Wire, _ delay: Int) {
        let source = undelayed[Int(wire.index)]
        lastReaders[source.index] = index
        lead = max(lead, source.delay + delay)
      }
      switch node.op {
      case .input, .constant, .delay: continue
      case .linear(let terms, _): for term in terms { read(term.wire, term.delay) }
      case .add(let operands): for operand in operands { read(operand.wire, 0) }
      case .multiply(let a, let b):
        read(a, 0)
        read(b, 0)
      case .relu(let wire), .clamp(let wire, _, _), .requantize(let wire, _, _),
        .lookup(let wire, _, _):
        read(wire, 0)
      }
    }
    self.lead = lead
    self.lastReaders = lastReaders
    rows = Array(repeating: [], count: datapath.nodes.count)
  }

  /// - Parameters:
  ///   - channels: raw integers `[input][sample]`, at least ``count`` samples each.
  ///   - visit: sees each node that is no delay, in order, with its row, whose first value stands at ``lead``; a row of
  ///     what it reads is had from ``row(of:delay:)``.
  mutating func callAsFunction(
    _ channels: [[Int64]], visit: (_ index: Int, _ row: [Int64], _ run: StretchRun) -> Void
  ) {
    for (index, node) in datapath.nodes.enumerated() where !node.isDelay {
      var row = spares.popLast() ?? Array(repeating: 0, count: lead + count)
      evaluate(node, into: &row, channels)
      visit(index, row, self)
      rows[index] = row
      row = []
      for operand in node.op.operands { release(sources[Int(operand.index)].index, after: index) }
      release(index, after: index)
    }
  }

  /// The row of an operand of the node that is visited, and where its first value stands.
  func row(of wire: Wire, delay: Int = 0) -> (values: [Int64], start: Int) {
    let source = sources[Int(wire.index)]
    return (rows[source.index], lead - source.delay - delay)
  }

  private mutating func release(_ source: Int, after reader: Int) {
    guard lastReaders[source] == reader, !rows[source].isEmpty else { return }
    var row: [Int64] = []
    swap(&row, &rows[source])
    spares.append(row)
  }

  /// The zeros in front stay as they are.
  private func evaluate(_ node: Node, into target: inout [Int64], _ channels: [[Int64]]) {
    let (lead, count) = (lead, count)
    func map(_ wire: Wire, _ body: (Int64) -> Int64) {
      let (x, start) = row(of: wire)
      for i in 0..<count { target[lead + i] = body(x[start + i]) }
    }
    func fill(_ value: Int64) { for i in 0..<count { target[lead + i] = value } }
    switch node.op {
    case .input(let channel):
      for i in 0..<count { target[lead + i] = channels[channel][i] }
    case .constant(let value): fill(value)
    case .delay: preconditionFailure("a delay has no row")
    case .linear(let terms, let bias):
      fill(bias)
      for term in terms {
        let (x, start) = row(of: term.wire, delay: term.delay)
        for i in 0..<count { target[lead + i] &+= term.coefficient &* x[start + i] }
      }
    case .add(let operands):
      for (place, operand) in operands.enumerated() {
        add(operand, into: &target, isFirst: place == 0)
      }
    case .multiply(let a, let b):
      let (x, start) = row(of: a)
      let (y, offset) = row(of: b)
      for i in 0..<count { target[lead + i] = x[start + i] &* y[offset + i] }
    case .relu(let wire): map(wire) { max(0, $0) }
    case .clamp(let wire, let lower, let upper): map(wire) { min(max($0, lower), upper) }
    case .requantize(let wire, let rounding, let overflow):
      let requantizer = Requantizer(to: node.format, rounding: rounding, overflow: overflow)
      let shift = datapath[wire].format.fractionBits - node.format.fractionBits
      map(wire) { Node.requantized($0, by: shift, requantizer) }
    case .lookup(let wire, let shift, let table):
      map(wire) { Node.looked(up: $0, shift: shift, table: table) }
    }
  }

  /// Most of a network's work; the loops are of a form that the compiler vectorizes.
  private func add(_ operand: Operand, into target: inout [Int64], isFirst: Bool) {
    let (values, start) = row(of: operand.wire)
    let shift = Int64(operand.shift)
    let x = values.span.extracting(start..<(start + count))
    var sum = target.mutableSpan
    let lead = lead
    precondition(sum.count == lead + x.count, "a row of \(sum.count) for \(x.count) samples")
    // The counts are checked above.
    switch (isFirst, operand.isNegated) {
    case (true, false):
      for i in 0..<count { unsafe sum[unchecked: lead + i] = x[unchecked: i] &<< shift }
    case (true, true):
      for i in 0..<count { unsafe sum[unchecked: lead + i] = 0 &- (x[unchecked: i] &<< shift) }
    case (false, false):
      for i in 0..<count { unsafe sum[unchecked: lead + i] &+= x[unchecked: i] &<< shift }
    case (false, true):
      for i in 0..<count { unsafe sum[unchecked: lead + i] &-= x[unchecked: i] &<< shift }
    }
  }
}
