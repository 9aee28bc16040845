import PareNumerics

extension Datapath {
  /// The outputs for a stream of inputs, exactly as `docs/datapath.md` defines them.
  ///
  /// - Parameters:
  ///   - channels: raw integers `[input][sample]`, all of one length, in the order of ``inputs``.
  ///   - segments: stretches that cover the samples in order; state is zero at the start of each. One when absent.
  /// - Returns: raw integers `[output][sample]`, as long as the input.
  /// - Throws: ``DatapathError`` for channels or segments that do not fit, a sample outside its input's range; and
  ///   `CancellationError`.
  /// - Precondition: the graph verifies.
  public func run(_ channels: [[Int64]], segments: [Range<Int>]? = nil) throws -> [[Int64]] {
    let segments = try checkedSegments(segments, for: channels)
    try checkRanges(of: channels)
    var interpreter = Interpreter(self)
    var results = Array(repeating: [Int64](), count: outputs.count)
    for output in results.indices { results[output].reserveCapacity(channels.first?.count ?? 0) }
    for segment in segments {
      interpreter.reset()
      let end = segment.count + lookAhead
      var start = 0
      while start < end {
        try Task.checkCancellation()
        let block = start..<min(start + Interpreter.blockLength, end)
        interpreter.process(count: block.count) { channel in
          let inside = block.clamped(to: 0..<segment.count)
          let samples = channels[channel][
            (segment.lowerBound + inside.lowerBound)..<(segment.lowerBound + inside.upperBound)]
          return samples + repeatElement(0, count: block.count - inside.count)
        }
        let dropped = max(0, min(lookAhead - block.lowerBound, block.count))
        for (index, output) in outputs.enumerated() {
          results[index] += interpreter.block(of: output.wire).dropFirst(dropped)
        }
        start = block.upperBound
      }
    }
    return results
  }

  func checkedSegments(
    _ segments: [Range<Int>]?, for channels: [[Int64]]
  ) throws(DatapathError) -> [Range<Int>] {
    guard channels.count == inputs.count else {
      throw DatapathError(
        .badStream("\(channels.count) channels for the inputs \(inputs.joined(separator: ", "))"))
    }
    let lengths = channels.map(\.count)
    guard let length = lengths.first ?? segments?.last?.upperBound,
      lengths.allSatisfy({ $0 == length })
    else { throw DatapathError(.badStream("the lengths of the channels differ: \(lengths)")) }
    guard let segments else { return length == 0 ? [] : [0..<length] }
    var next = 0
    for segment in segments {
      guard segment.lowerBound == next else {
        throw DatapathError(
          .badStream("segment \(segment) does not begin at \(next), where the one before ends"))
      }
      next = segment.upperBound
    }
    guard next == length else {
      throw DatapathError(.badStream("the segments end at \(next), the samples at \(length)"))
    }
    return segments
  }

  func checkRanges(of channels: [[Int64]]) throws(DatapathError) {
    for node in nodes {
      guard case .input(let channel) = node.op else { continue }
      if let sample = channels[channel].firstIndex(where: { !node.range.contains($0) }) {
        throw DatapathError(
          .inputOutOfRange(
            channel: inputs[channel], sample: sample, value: channels[channel][sample],
            range: node.range))
      }
      if lookAhead > 0, !node.range.contains(0) {
        throw DatapathError(
          .badStream(
            "the look-ahead is flushed with zeros, which input \(inputs[channel]) excludes"))
      }
    }
  }
}

/// Evaluates a graph node by node over blocks of samples, so that each op is one short loop.
///
/// Every wire has a buffer of the samples that delays can still ask for, followed by the current block.
struct Interpreter {
  static let blockLength = 2048

  private let datapath: Datapath
  /// Samples before the block that are kept, per wire.
  private let history: [Int]
  private var buffers: [[Int64]]
  private var count = 0

  init(_ datapath: Datapath) {
    self.datapath = datapath
    var history = Array(repeating: 0, count: datapath.nodes.count)
    func keep(_ wire: Wire, _ samples: Int) {
      history[Int(wire.index)] = max(history[Int(wire.index)], samples)
    }
    for node in datapath.nodes {
      switch node.op {
      case .delay(let wire, let samples): keep(wire, samples)
      case .linear(let terms, _): for term in terms { keep(term.wire, term.delay) }
      case .input, .constant, .add, .multiply, .relu, .clamp, .requantize, .lookup: break
      }
    }
    self.history = history
    buffers = history.map { Array(repeating: 0, count: $0 + Self.blockLength) }
  }

  /// Back to the state before the first sample: all zero.
  mutating func reset() {
    for wire in buffers.indices {
      for index in 0..<history[wire] { buffers[wire][index] = 0 }
    }
    count = 0
  }

  func block(of wire: Wire) -> ArraySlice<Int64> {
    let start = history[Int(wire.index)]
    return buffers[Int(wire.index)][start..<(start + count)]
  }

  /// Computes the next `count` samples of every wire.
  mutating func process(count next: Int, input: (_ channel: Int) -> ArraySlice<Int64>) {
    precondition((1...Self.blockLength).contains(next), "block of \(next)")
    for wire in buffers.indices where history[wire] > 0 && count > 0 {
      // The newest samples of the last block become the history of this one.
      for index in 0..<history[wire] { buffers[wire][index] = buffers[wire][index + count] }
    }
    count = next
    for index in datapath.nodes.indices {
      // Taken out, so that writing it copies nothing.
      var target: [Int64] = []
      swap(&target, &buffers[index])
      evaluate(datapath.nodes[index], into: &target, from: history[index], input)
      swap(&target, &buffers[index])
    }
  }

  private func evaluate(
    _ node: Node, into target: inout [Int64], from start: Int,
    _ input: (Int) -> ArraySlice<Int64>
  ) {
    let count = count
    func map(_ wire: Wire, _ body: (Int64) -> Int64) {
      let source = buffers[Int(wire.index)]
      let offset = history[Int(wire.index)]
      for i in 0..<count { target[start + i] = body(source[offset + i]) }
    }
    func accumulate(_ factor: Int64, _ wire: Wire, delay: Int) {
      let source = buffers[Int(wire.index)]
      let offset = history[Int(wire.index)] - delay
      for i in 0..<count { target[start + i] &+= factor &* source[offset + i] }
    }
    func fill(_ value: Int64) { for i in 0..<count { target[start + i] = value } }
    switch node.op {
    case .input(let channel):
      for (i, sample) in input(channel).enumerated() { target[start + i] = sample }
    case .constant(let value): fill(value)
    case .delay(let wire, let samples):
      fill(0)
      accumulate(1, wire, delay: samples)
    case .linear(let terms, let bias):
      fill(bias)
      for term in terms { accumulate(term.coefficient, term.wire, delay: term.delay) }
    case .add(let operands):
      fill(0)
      for operand in operands {
        let factor = Int64(1) << Int64(operand.shift)
        accumulate(operand.isNegated ? -factor : factor, operand.wire, delay: 0)
      }
    case .multiply(let a, let b):
      map(a) { $0 }
      let source = buffers[Int(b.index)]
      let offset = history[Int(b.index)]
      for i in 0..<count { target[start + i] &*= source[offset + i] }
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
}
