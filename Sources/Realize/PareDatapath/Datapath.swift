public import PareNumerics

/// A value in a ``Datapath``: the index of the node that makes it.
public struct Wire: Hashable, Sendable, Codable, Comparable {
  public let index: Int32

  public init(_ index: Int) { self.index = Int32(index) }

  public static func < (a: Wire, b: Wire) -> Bool { a.index < b.index }
}

/// A wire, shifted left and perhaps negated: what an adder takes.
public struct Operand: Hashable, Sendable, Codable {
  public let wire: Wire
  /// Places to the left, 0 or more.
  public let shift: Int
  public let isNegated: Bool

  public init(_ wire: Wire, shift: Int = 0, isNegated: Bool = false) {
    precondition((0...62).contains(shift), "shift \(shift) outside 0...62")
    self.wire = wire
    self.shift = shift
    self.isNegated = isNegated
  }
}

/// One product of a ``Op/linear(_:bias:)`` node: `coefficient * wire[n - delay]`.
public struct LinearTerm: Hashable, Sendable, Codable {
  public let coefficient: Int64
  public let wire: Wire
  /// Samples.
  public let delay: Int

  public init(_ coefficient: Int64, _ wire: Wire, delay: Int = 0) {
    precondition(delay >= 0, "delay \(delay) is negative")
    self.coefficient = coefficient
    self.wire = wire
    self.delay = delay
  }
}

/// What a node computes, on raw integers, once per sample. `docs/datapath.md` is the specification.
///
/// No switch over `Op` has a `default:`, so that a new case breaks every place that must learn it.
public enum Op: Hashable, Sendable, Codable {
  /// Channel `channel` of the stream that comes in.
  case input(channel: Int)
  case constant(Int64)
  /// The wire's value `samples` samples ago; 0 before the first sample.
  case delay(Wire, samples: Int)
  /// The sum of the terms and the bias: what lowering emits, and what expansion replaces by adders.
  case linear([LinearTerm], bias: Int64)
  /// The sum of one to three operands; a single one is a shift (free) or a negation (an adder).
  case add([Operand])
  /// The product of two signals.
  case multiply(Wire, Wire)
  /// `max(0, wire)`.
  case relu(Wire)
  /// `min(max(wire, lower), upper)`.
  case clamp(Wire, lower: Int64, upper: Int64)
  /// The wire moved to the node's format: shifted by the difference of the fraction bits, rounded, limited.
  case requantize(Wire, Rounding, Overflow)
  /// An odd function by table: with `m = wire < 0 ? ~wire : wire` and `t = table[min(m >> shift, table.count - 1)]`,
  /// `wire < 0 ? -t : t`.
  case lookup(Wire, shift: Int, table: [Int64])
}

/// One value of the graph: how it is made, how its integer is to be read, and what it can be.
public struct Node: Hashable, Sendable, Codable {
  public let op: Op
  /// Reading of the raw integer. Its word holds `range`.
  public let format: WordFormat
  /// Proven bounds of the raw integer.
  public let range: IntegerRange
  /// A word for people, such as `l0c2`; generated code is named after it. Empty when there is nothing to say.
  public let label: String

  /// - Precondition: `label` is empty or an identifier.
  public init(op: Op, format: WordFormat, range: IntegerRange, label: String = "") {
    precondition(label.isEmpty || label.isIdentifier, "label '\(label)' is not an identifier")
    self.op = op
    self.format = format
    self.range = range
    self.label = label
  }
}

extension String {
  /// Whether this is a letter, then letters, digits and underscores, all ASCII.
  public var isIdentifier: Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (65...90).contains(byte) || (97...122).contains(byte)
    }
    guard let first = utf8.first, isLetter(first) else { return false }
    return utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == 95 }
  }
}

/// A result of the graph.
public struct Output: Hashable, Sendable, Codable {
  public let name: String
  public let wire: Wire

  public init(name: String, wire: Wire) {
    self.name = name
    self.wire = wire
  }
}

/// A streaming integer dataflow graph: one sample of every input in, one of every output out.
///
/// Nodes stand in an order in which operands come before their users, so that a graph is evaluated from first to last.
/// All state lives in delays, and is zero before the first sample of a segment. The first `lookAhead` results are
/// dropped and the input is continued by as many zeros, so that an output is as long as its input.
public struct Datapath: Hashable, Sendable, Codable {
  /// Names of the input channels; ``Op/input(channel:)`` counts in this order.
  public let inputs: [String]
  public let nodes: [Node]
  public let outputs: [Output]
  /// Samples by which the results lag behind the input that they belong to.
  public let lookAhead: Int

  public init(inputs: [String], nodes: [Node], outputs: [Output], lookAhead: Int = 0) {
    self.inputs = inputs
    self.nodes = nodes
    self.outputs = outputs
    self.lookAhead = lookAhead
  }

  public subscript(wire: Wire) -> Node { nodes[Int(wire.index)] }

  /// How many samples back an output can see from the newest that it sees.
  public var memory: Int {
    var ages = Array(repeating: 0, count: nodes.count)
    func age(_ wire: Wire) -> Int { ages[Int(wire.index)] }
    for (index, node) in nodes.enumerated() {
      ages[index] =
        switch node.op {
        case .delay(let wire, let samples): age(wire) + samples
        case .linear(let terms, _): terms.map { age($0.wire) + $0.delay }.max() ?? 0
        case .input, .constant, .add, .multiply, .relu, .clamp, .requantize, .lookup:
          node.op.operands.map(age).max() ?? 0
        }
    }
    return outputs.map { age($0.wire) }.max() ?? 0
  }
}
