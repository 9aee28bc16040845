public import PareNumerics

/// Builds a ``Datapath`` node by node; ranges and, where they follow from them, formats are computed on the way.
///
///     var builder = DatapathBuilder()
///     let x = builder.input("x", .paper)
///     let sum = try builder.linear([LinearTerm(3, x), LinearTerm(-5, x, delay: 1)], fractionBits: 10)
///     let y = try builder.requantize(sum, to: .paper)
///     builder.output("y", y)
///     let datapath = try builder.finish()
///
/// A derived format is signed, with the bits that the range needs and the fraction bits that the op gives.
public struct DatapathBuilder: Sendable {
  private var analysis = RangeAnalysis()
  private var inputs: [String] = []
  private var outputs: [Output] = []

  public init() {}

  /// Number of nodes so far; the next wire has this index.
  public var count: Int { analysis.nodes.count }

  public subscript(wire: Wire) -> Node { analysis[wire] }

  /// The next input channel.
  ///
  /// - Parameter range: what the channel can carry, when that is less than its format.
  public mutating func input(
    _ name: String, _ format: WordFormat, range: IntegerRange? = nil, label: String = ""
  ) -> Wire {
    inputs.append(name)
    return append(
      Node(
        op: .input(channel: inputs.count - 1), format: format, range: range ?? format.range,
        label: label))
  }

  /// A number, read with `fractionBits`.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when it does not fit 63 bits.
  public mutating func constant(_ value: Int64, fractionBits: Int, label: String = "") throws
    -> Wire
  {
    try derived(.constant(value), fractionBits: fractionBits, label: label)
  }

  /// The wire `samples` samples ago; the wire itself for 0.
  public mutating func delay(_ wire: Wire, samples: Int, label: String = "") -> Wire {
    precondition(samples >= 0, "delay \(samples) is negative")
    if samples == 0 { return wire }
    let source = self[wire]
    let range = source.range.union(IntegerRange(0))
    // A range such as [5, 9] fits an unsigned or signed word with and without the 0.
    return append(
      Node(op: .delay(wire, samples: samples), format: source.format, range: range, label: label))
  }

  /// The sum of the terms and the bias.
  ///
  /// - Parameter fractionBits: how the sum is to be read: those of a wire plus those of its coefficient.
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when the sum may not fit 63 bits.
  public mutating func linear(
    _ terms: [LinearTerm], bias: Int64 = 0, fractionBits: Int, label: String = ""
  ) throws -> Wire {
    try derived(.linear(terms, bias: bias), fractionBits: fractionBits, label: label)
  }

  /// The sum of one to three shifted, signed operands.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when the sum may not fit 63 bits.
  public mutating func add(_ operands: [Operand], fractionBits: Int, label: String = "") throws
    -> Wire
  {
    try derived(.add(operands), fractionBits: fractionBits, label: label)
  }

  /// The product of two wires; its fraction bits are the sum of theirs.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when it may not fit 63 bits.
  public mutating func multiply(_ a: Wire, _ b: Wire, label: String = "") throws -> Wire {
    try derived(
      .multiply(a, b), fractionBits: self[a].format.fractionBits + self[b].format.fractionBits,
      label: label)
  }

  /// `max(0, wire)`, in the wire's format.
  public mutating func relu(_ wire: Wire, label: String = "") throws -> Wire {
    try append(.relu(wire), self[wire].format, label)
  }

  /// `min(max(wire, lower), upper)`, in the wire's format when that holds it, else in a derived one.
  public mutating func clamp(_ wire: Wire, lower: Int64, upper: Int64, label: String = "") throws
    -> Wire
  {
    let op = Op.clamp(wire, lower: lower, upper: upper)
    try Self.check(op, at: count)
    let format = self[wire].format
    let range = try analysis.range(of: op, format: format)
    return format.range.contains(range)
      ? append(Node(op: op, format: format, range: range, label: label))
      : try derived(op, fractionBits: format.fractionBits, label: label)
  }

  /// The wire in another format.
  ///
  /// - Throws: ``DatapathError`` with code `.rangeOverflow` when a shift to the left may leave 63 bits.
  public mutating func requantize(
    _ wire: Wire, to format: WordFormat, rounding: Rounding = .nearest,
    overflow: Overflow = .saturate, label: String = ""
  ) throws -> Wire {
    try append(.requantize(wire, rounding, overflow), format, label)
  }

  /// An odd function by table; see ``Op/lookup(_:shift:table:)``.
  ///
  /// - Parameter format: of the table's entries and their negatives.
  /// - Throws: ``DatapathError`` when the format does not hold what the table gives.
  public mutating func lookup(
    _ wire: Wire, shift: Int, table: [Int64], format: WordFormat, label: String = ""
  ) throws -> Wire {
    try append(.lookup(wire, shift: shift, table: table), format, label)
  }

  public mutating func output(_ name: String, _ wire: Wire) {
    outputs.append(Output(name: name, wire: wire))
  }

  /// The graph.
  ///
  /// - Throws: ``DatapathError`` when the graph does not verify, which names of ports can cause.
  public func finish(lookAhead: Int = 0) throws -> Datapath {
    let datapath = rewritten(lookAhead: lookAhead)
    try datapath.verify()
    return datapath
  }

  /// A builder for a rewritten version of a graph: it has the graph's input channels, but no nodes.
  init(rewriting datapath: Datapath) {
    inputs = datapath.inputs
  }

  /// Appends a node of the graph that is rewritten, its operands moved; all but an input's range is computed again.
  mutating func rebuild(_ node: Node, as op: Op) throws -> Wire {
    switch op {
    case .input: append(Node(op: op, format: node.format, range: node.range, label: node.label))
    case .delay(let wire, let samples): delay(wire, samples: samples, label: node.label)
    case .constant, .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup:
      try append(op, node.format, node.label)
    }
  }

  /// The graph, not verified.
  func rewritten(lookAhead: Int) -> Datapath {
    Datapath(inputs: inputs, nodes: analysis.nodes, outputs: outputs, lookAhead: lookAhead)
  }

  /// A node whose format follows from its range.
  private mutating func derived(_ op: Op, fractionBits: Int, label: String) throws -> Wire {
    try Self.check(op, at: count)
    let signed = WordFormat(wordLength: 63, integerBits: 63 - fractionBits)
    let range = try analysis.range(of: op, format: signed)
    let bits = range.signedBits
    let format = WordFormat(wordLength: bits, integerBits: bits - fractionBits)
    return append(Node(op: op, format: format, range: range, label: label))
  }

  /// A node of a given format.
  private mutating func append(_ op: Op, _ format: WordFormat, _ label: String) throws -> Wire {
    try Self.check(op, at: count)
    let range = try analysis.range(of: op, format: format)
    guard format.range.contains(range) else {
      throw DatapathError(.wordTooShort(node: count, format: format, range: range))
    }
    return append(Node(op: op, format: format, range: range, label: label))
  }

  private mutating func append(_ node: Node) -> Wire {
    analysis.append(node)
    return Wire(count - 1)
  }

  private static func check(_ op: Op, at node: Int) throws(DatapathError) {
    if let reason = op.fault { throw DatapathError(.malformed(node: node, reason: reason)) }
    for operand in op.operands where operand.index < 0 || Int(operand.index) >= node {
      throw DatapathError(.operandNotBefore(node: node, operand: Int(operand.index)))
    }
  }
}
