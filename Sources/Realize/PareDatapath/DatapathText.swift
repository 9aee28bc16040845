public import PareText
import PareNumerics

/// A text that is not the text form of a graph.
public struct DatapathTextError: PareError, Hashable {
  /// 1 for the first line.
  public let line: Int
  /// 1 for the first byte of the line.
  public let column: Int
  public let reason: String

  public var message: String { "line \(line), column \(column): \(reason)" }
  public var hint: String { "docs/datapath.md has the grammar" }
  public var kind: FailureKind { .badData }
}

extension Datapath {
  /// Reads the text form. The graph is not verified: `verify()` tells whether it makes sense.
  ///
  /// - Throws: ``DatapathTextError`` at the first byte that does not fit the grammar.
  public init(parsing text: String) throws(DatapathTextError) {
    var header = false
    var inputs: [String] = []
    var lookAhead = 0
    var nodes: [Node] = []
    var outputs: [Output] = []
    for (index, content) in text.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      var line = LineScanner(content, number: index + 1)
      if line.isAtEnd { continue }
      if !header {
        try line.expect("datapath")
        try line.expect("1")
        header = true
      } else if line.peek("%") {
        nodes.append(try line.node(expecting: nodes.count))
      } else if line.accept("inputs") {
        repeat { inputs.append(try line.identifier()) } while line.accept(",")
      } else if line.accept("lookAhead") {
        lookAhead = try line.integer(in: 0...1_000_000)
      } else if line.accept("output") {
        let name = try line.identifier()
        try line.expect("=")
        outputs.append(Output(name: name, wire: try line.wire()))
      } else {
        throw line.fault("expected a node, 'inputs', 'lookAhead' or 'output'")
      }
      if !line.isAtEnd { throw line.fault("unexpected text after the end of the statement") }
    }
    guard header else {
      throw DatapathTextError(line: 1, column: 1, reason: "expected 'datapath 1'")
    }
    self.init(inputs: inputs, nodes: nodes, outputs: outputs, lookAhead: lookAhead)
  }
}

/// Reads one line from left to right.
private struct LineScanner {
  private let bytes: [UInt8]
  private let number: Int
  private var position = 0

  /// - Parameter content: anything from `#` on is a comment.
  init(_ content: Substring, number: Int) {
    bytes = Array(content.utf8.prefix { $0 != UInt8(ascii: "#") })
    self.number = number
    skipSpaces()
  }

  var isAtEnd: Bool { position == bytes.count }

  func fault(_ reason: String, at column: Int? = nil) -> DatapathTextError {
    DatapathTextError(line: number, column: (column ?? position) + 1, reason: reason)
  }

  func peek(_ word: String) -> Bool { bytes[position...].starts(with: word.utf8) }

  /// Steps over a word or sign if it comes next; a word must not go on.
  mutating func accept(_ word: String) -> Bool {
    guard peek(word) else { return false }
    let end = position + word.utf8.count
    if word.isIdentifier, end < bytes.count, Self.isWordByte(bytes[end]) { return false }
    position = end
    skipSpaces()
    return true
  }

  mutating func expect(_ word: String) throws(DatapathTextError) {
    if !accept(word) { throw fault("expected '\(word)'") }
  }

  mutating func identifier() throws(DatapathTextError) -> String {
    let start = position
    while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard word.isIdentifier else { throw fault("expected a name", at: start) }
    skipSpaces()
    return word
  }

  mutating func integer() throws(DatapathTextError) -> Int64 {
    let start = position
    if peek("-") { position += 1 }
    while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Int64(digits) else { throw fault("expected an integer", at: start) }
    skipSpaces()
    return value
  }

  mutating func integer(in allowed: ClosedRange<Int>) throws(DatapathTextError) -> Int {
    let start = position
    let value = Int(try integer())
    guard allowed.contains(value) else {
      throw fault("\(value) is outside \(allowed.lowerBound)...\(allowed.upperBound)", at: start)
    }
    return value
  }

  mutating func wire() throws(DatapathTextError) -> Wire {
    guard peek("%") else { throw fault("expected a wire such as %3") }
    position += 1
    return Wire(try integer(in: 0...Int(Int32.max)))
  }

  mutating func node(expecting index: Int) throws(DatapathTextError) -> Node {
    let start = position
    guard Int(try wire().index) == index else { throw fault("expected %\(index)", at: start) }
    let label = peek(":") ? "" : try identifier()
    try expect(":")
    let format = try format()
    try expect("[")
    let lower = try integer()
    try expect(",")
    let upperColumn = position
    let upper = try integer()
    guard lower <= upper else {
      throw fault("\(upper) is less than \(lower)", at: upperColumn)
    }
    try expect("]")
    try expect("=")
    return Node(op: try op(), format: format, range: IntegerRange(lower, upper), label: label)
  }

  private mutating func format() throws(DatapathTextError) -> WordFormat {
    let start = position
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) else {
      throw fault("expected a word format such as <16,6>")
    }
    let text = String(decoding: bytes[start...end], as: UTF8.self)
    do {
      let format = try WordFormat(parsing: text)
      position = end + 1
      skipSpaces()
      return format
    } catch {
      throw fault(error.message, at: start)
    }
  }

  private mutating func op() throws(DatapathTextError) -> Op {
    let start = position
    let keyword = try identifier()
    switch keyword {
    case "input": return .input(channel: try integer(in: 0...1_000_000))
    case "constant": return .constant(try integer())
    case "delay": return .delay(try wireAndComma(), samples: try integer(in: 1...1_000_000))
    case "linear": return try linear()
    case "add":
      var operands: [Operand] = []
      repeat { operands.append(try operand()) } while accept(",")
      return .add(operands)
    case "multiply": return .multiply(try wireAndComma(), try wire())
    case "relu": return .relu(try wire())
    case "clamp":
      let wire = try wireAndComma()
      let lower = try integer()
      try expect(",")
      return .clamp(wire, lower: lower, upper: try integer())
    case "requantize":
      let wire = try wireAndComma()
      let rounding: Rounding = try choice("rounding")
      try expect(",")
      return .requantize(wire, rounding, try choice("overflow"))
    case "lookup": return try lookup()
    default: throw fault("'\(keyword)' is not an op", at: start)
    }
  }

  private mutating func wireAndComma() throws(DatapathTextError) -> Wire {
    let wire = try wire()
    try expect(",")
    return wire
  }

  private mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ what: String
  ) throws(DatapathTextError) -> Value {
    let start = position
    let word = try identifier()
    guard let value = Value(rawValue: word) else {
      let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault("'\(word)' is not a \(what): \(choices)", at: start)
    }
    return value
  }

  private mutating func linear() throws(DatapathTextError) -> Op {
    var terms: [LinearTerm] = []
    repeat {
      if accept("bias") { return .linear(terms, bias: try integer()) }
      let coefficient = try integer()
      try expect("*")
      let wire = try wire()
      let delay = accept("@") ? try integer(in: 0...1_000_000) : 0
      terms.append(LinearTerm(coefficient, wire, delay: delay))
    } while accept(",")
    return .linear(terms, bias: 0)
  }

  private mutating func operand() throws(DatapathTextError) -> Operand {
    let isNegated = accept("-")
    let wire = try wire()
    return Operand(wire, shift: accept("<<") ? try integer(in: 0...62) : 0, isNegated: isNegated)
  }

  private mutating func lookup() throws(DatapathTextError) -> Op {
    let wire = try wire()
    let shift = accept(">>") ? try integer(in: 0...62) : 0
    try expect(",")
    try expect("[")
    var table: [Int64] = []
    repeat { table.append(try integer()) } while accept(",")
    try expect("]")
    return .lookup(wire, shift: shift, table: table)
  }

  private mutating func skipSpaces() {
    while position < bytes.count, [32, 9, 13].contains(bytes[position]) { position += 1 }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == 95
  }
}
