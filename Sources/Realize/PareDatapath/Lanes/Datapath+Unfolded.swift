import PareNumerics

extension Datapath {
  /// The graph that takes `lanes` samples per clock.
  ///
  /// Every node stands once per lane, and constants once. What lane l wants d samples ago is made by lane `(l - d) mod lanes`, so
  /// many blocks ago as it takes: most sample delays become wires between lanes. The look-ahead becomes that of whole
  /// blocks; results are delayed by what is missing to them. ``SampleLanes`` brings streams into blocks and back:
  ///
  ///     let wide = try datapath.unfolded(by: 4)
  ///     let x = SampleLanes(4).blocks(of: channels)
  ///     let y = SampleLanes(4).samples(of: try wide.run(x.channels, segments: x.segments), segments: [0..<count])
  ///     // y is what datapath.run(channels) gives, if every input may be 0
  ///
  /// Labels and ports get the lane behind their name: `x0_0`, lane 0 the oldest sample of a block. One lane is the graph itself.
  ///
  /// - Throws: ``DatapathError`` when the graph does not verify.
  /// - Precondition: `lanes` is at least 1.
  /// - Source: Parhi, VLSI Digital Signal Processing Systems, 1999, chapter 5 (unfolding).
  public func unfolded(by lanes: Int) throws -> Datapath {
    let lanes = SampleLanes(lanes)
    try verify()
    if lanes.count == 1 { return self }
    var unfolding = Unfolding(lanes: lanes)
    // Channels are counted in the order of the builder's calls.
    for (channel, name) in inputs.enumerated() {
      guard let index = nodes.firstIndex(where: { $0.op == .input(channel: channel) }) else {
        preconditionFailure("input \(name) has no node")
      }
      unfolding.addInput(nodes[index], at: index, named: name)
    }
    for (index, node) in nodes.enumerated() { try unfolding.add(node, at: index) }
    let blocks = lanes.blockCount(lookAhead)
    let missing = blocks * lanes.count - lookAhead
    for output in outputs {
      for lane in 0..<lanes.count {
        unfolding.builder.output(
          lanes.name(of: output.name, lane: lane),
          unfolding.wire(output.wire, lane: lane, delay: missing))
      }
    }
    return try unfolding.builder.finish(lookAhead: blocks)
  }
}

private struct Unfolding {
  var builder = DatapathBuilder()
  private let lanes: SampleLanes
  /// Of each node that was added, per lane.
  private var wires: [Int: [Wire]] = [:]
  private var delays: [AffineForm.Atom: Wire] = [:]

  init(lanes: SampleLanes) { self.lanes = lanes }

  mutating func addInput(_ node: Node, at index: Int, named name: String) {
    wires[index] = (0..<lanes.count).map { lane in
      builder.input(
        lanes.name(of: name, lane: lane), node.format, range: node.range,
        label: label(of: node, lane))
    }
  }

  mutating func add(_ node: Node, at index: Int) throws {
    switch node.op {
    case .input: return
    case .constant:
      let wire = try builder.rebuild(node, as: node.op)
      wires[index] = Array(repeating: wire, count: lanes.count)
    case .delay(let source, let samples):
      wires[index] = (0..<lanes.count).map { wire(source, lane: $0, delay: samples) }
    case .linear(let terms, let bias):
      wires[index] = try (0..<lanes.count).map { lane in
        let terms = terms.map { term in
          let (source, blocks) = origin(lane: lane, delay: term.delay)
          return LinearTerm(
            term.coefficient, wires[Int(term.wire.index)]![source], delay: blocks)
        }
        return try rebuild(node, as: .linear(terms, bias: bias), lane)
      }
    case .add, .multiply, .relu, .clamp, .requantize, .lookup:
      wires[index] = try (0..<lanes.count).map { lane in
        try rebuild(node, as: node.op.mapped { wires[Int($0.index)]![lane] }, lane)
      }
    }
  }

  /// What a lane sees of a wire some samples ago.
  mutating func wire(_ wire: Wire, lane: Int, delay: Int) -> Wire {
    let (source, blocks) = origin(lane: lane, delay: delay)
    let made = wires[Int(wire.index)]![source]
    if blocks == 0 { return made }
    let atom = AffineForm.Atom(wire: made, delay: blocks)
    if let known = delays[atom] { return known }
    let delayed = builder.delay(made, samples: blocks)
    delays[atom] = delayed
    return delayed
  }

  /// The lane that makes what a lane wants some samples ago, and the blocks since then.
  private func origin(lane: Int, delay: Int) -> (lane: Int, blocks: Int) {
    let blocks = lanes.blockCount(max(0, delay - lane))
    return (lane - delay + blocks * lanes.count, blocks)
  }

  private mutating func rebuild(_ node: Node, as op: Op, _ lane: Int) throws -> Wire {
    try builder.rebuild(
      Node(op: op, format: node.format, range: node.range, label: label(of: node, lane)), as: op)
  }

  private func label(of node: Node, _ lane: Int) -> String {
    node.label.isEmpty ? "" : "\(node.label)_\(lane)"
  }
}
