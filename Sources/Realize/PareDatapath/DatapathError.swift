public import PareNumerics
public import PareText

/// What is wrong with a graph, or with the samples given to it.
public struct DatapathError: PareError, Hashable {
  public enum Code: Hashable, Sendable {
    /// A node reads a wire that is not made before it.
    case operandNotBefore(node: Int, operand: Int)
    /// The range that a node declares does not hold the one that its operands give.
    case rangeNotProven(node: Int, declared: IntegerRange, proven: IntegerRange)
    /// The node's word does not hold its range.
    case wordTooShort(node: Int, format: WordFormat, range: IntegerRange)
    /// A result may need more than 63 bits.
    case rangeOverflow(node: Int, keyword: String)
    /// An op's own numbers make no sense; the text says which.
    case malformed(node: Int, reason: String)
    /// The lists of inputs and outputs make no sense; the text says why.
    case badPorts(String)
    /// The channels or segments given to a graph do not fit it; the text says why.
    case badStream(String)
    /// A sample lies outside its channel's range.
    case inputOutOfRange(channel: String, sample: Int, value: Int64, range: IntegerRange)
    /// A constant multiplication is left where only adders may be.
    case linearLeft(node: Int)
    /// No constant multiplication belongs to a layer of that name.
    case unknownLayer(String)
    /// A pass made a graph that does not verify.
    case brokenByPass(name: String, reason: String)
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }

  public var message: String {
    switch code {
    case .operandNotBefore(let node, let operand):
      "node %\(node) reads %\(operand), which is not made before it"
    case .rangeNotProven(let node, let declared, let proven):
      "node %\(node) declares the range \(declared), but its operands reach \(proven)"
    case .wordTooShort(let node, let format, let range):
      "the word \(format) of node %\(node) does not hold its range \(range)"
    case .rangeOverflow(let node, let keyword):
      "the result of node %\(node) (\(keyword)) may need more than 63 bits"
    case .malformed(let node, let reason): "node %\(node): \(reason)"
    case .badPorts(let reason), .badStream(let reason): reason
    case .inputOutOfRange(let channel, let sample, let value, let range):
      "sample \(sample) of channel \(channel) is \(value), outside \(range)"
    case .linearLeft(let node): "node %\(node) is still a linear node"
    case .unknownLayer(let layer): "no sum of products belongs to a layer called '\(layer)'"
    case .brokenByPass(let name, let reason): "pass \(name) made a wrong graph: \(reason)"
    }
  }

  public var hint: String {
    switch code {
    case .operandNotBefore: "order the nodes so that operands come before their users"
    case .rangeNotProven(_, _, let proven): "declare at least \(proven)"
    case .wordTooShort(_, _, let range): "a signed word of \(range.signedBits) bits holds it"
    case .rangeOverflow: "use fewer bits for the input, the coefficients or the fraction"
    case .malformed, .badPorts, .badStream: "docs/datapath.md lists the rules of a graph"
    case .inputOutOfRange: "quantize the signal to the input's format first"
    case .linearLeft: "run the pass ExpandLinear first"
    case .unknownLayer: "layers are called l0, l1, ..., as the labels in datapath.txt say"
    case .brokenByPass: "this is a fault of the pass; please report it with the graph"
    }
  }

  public var kind: FailureKind {
    switch code {
    case .brokenByPass: .failed
    case .operandNotBefore, .rangeNotProven, .wordTooShort, .rangeOverflow, .malformed, .badPorts,
      .badStream, .inputOutOfRange, .linearLeft, .unknownLayer:
      .badData
    }
  }
}
