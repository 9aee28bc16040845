import PareNumerics

/// Flip-flops and shift registers of each node, bit by bit.
///
/// A bit that nobody reads has no register. Bits that pass through a sum as wires are the same registers as those behind the
/// wire that they come from, and are built once, with the wire that goes first.
struct RegisterCells {
  private var cells: [Cells]

  func cells(of index: Int) -> Cells { cells[index] }

  init(_ pipeline: PipelinedDatapath, _ spans: [WireSpan]) {
    var reads = BitReads(spans)
    let datapath = pipeline.datapath
    cells = Array(repeating: Cells(), count: spans.count)
    for output in datapath.outputs { reads.read(pipeline.tap(of: output), from: 0) }
    for (index, node) in datapath.nodes.enumerated().reversed() where !node.isDelay {
      let placement = pipeline.placements[index]
      let span = spans[index]
      let wire = Wire(index)
      let passed = pipeline.passedBits(of: index, spans)
      let isPlain = !placement.isHeld && placement.shiftRegisters.isEmpty
      let result = min(placement.registers, 1)
      let source = passed.map { Int($0.tap.wire.index) } ?? 0
      let plain = pipeline.placements[source].shiftRegisters.first?.lowerBound ?? .max
      var read = 0
      for bit in 0..<span.count {
        let depth = reads.depth(of: index, bit)
        if depth < 0 { continue }
        if let passed, passed.places.contains(span.low + bit) {
          let needed = passed.tap.registers + placement.registers + depth
          let isShared = isPlain && needed <= plain
          let place = span.low + bit - passed.shift
          reads.read(
            source, place: place, behind: isShared ? needed : passed.tap.registers)
          if isShared { continue }
        }
        read += 1
        cells[index].flipFlops += result + depth - placement.shiftedCount(upTo: depth)
      }
      for stretch in placement.shiftRegisters {
        let cost = ResourceCalibration.shiftRegister(length: stretch.count)
        cells[index].shiftRegisterLUTs += read * cost.tables
        cells[index].flipFlops += read * cost.flipFlops
      }
      switch node.op {
      case .input, .constant, .delay, .linear: break
      case .add(let operands):
        for operand in operands {
          let tap = pipeline.tap(of: operand.wire, readBy: wire)
          reads.read(tap, from: (passed?.places.upperBound ?? 0) - operand.shift)
        }
      case .multiply(let a, let b):
        reads.read(pipeline.tap(of: a, readBy: wire), from: 0)
        reads.read(pipeline.tap(of: b, readBy: wire), from: 0)
      case .relu(let source), .clamp(let source, _, _):
        reads.read(pipeline.tap(of: source, readBy: wire), from: 0)
      case .requantize(let source, let rounding, _):
        if passed != nil { break }
        let shift = datapath[source].format.fractionBits - node.format.fractionBits
        // Half a place is added at the highest of the bits that are cut off; those below it change nothing.
        let first =
          switch rounding {
          case .floor: shift
          case .nearest: shift - 1
          case .convergent: 0
          }
        reads.read(pipeline.tap(of: source, readBy: wire), from: max(0, first))
      case .lookup(let source, let shift, let table):
        reads.read(pipeline.tap(of: source, readBy: wire), from: shift)
        if placement.registers > 0 {
          let shape = LookupShape(datapath[source].range, shift: shift, table: table)
          // The sign of entries of one sign is a constant.
          let signs = shape.isSigned || shape.bankCount > 1 ? 1 : 0
          let isPositive = table[..<shape.count].allSatisfy { $0 >= 0 }
          cells[index].flipFlops += shape.innerBits - (isPositive ? signs : 0)
        }
      }
    }
  }
}

/// How many registers behind each bit of each wire somebody reads it, at most.
private struct BitReads {
  private let spans: [WireSpan]
  private let offsets: [Int]
  /// -1 of bits that nobody reads.
  private var depths: [Int]

  init(_ spans: [WireSpan]) {
    self.spans = spans
    var offsets = [0]
    offsets.reserveCapacity(spans.count + 1)
    for span in spans { offsets.append(offsets.last! + span.count) }
    self.offsets = offsets
    depths = Array(repeating: -1, count: offsets.last!)
  }

  func depth(of index: Int, _ bit: Int) -> Int { depths[offsets[index] + bit] }

  mutating func read(_ tap: PipelinedDatapath.Tap, from place: Int) {
    let index = Int(tap.wire.index)
    let span = spans[index]
    guard span.count > 0 else { return }
    // Above the top there is only the top again.
    for bit in (offsets[index] + min(max(0, place - span.low), span.count - 1))..<offsets[index + 1]
    {
      depths[bit] = max(depths[bit], tap.registers)
    }
  }

  mutating func read(_ index: Int, place: Int, behind registers: Int) {
    let span = spans[index]
    if span.count == 0 || place < span.low { return }
    let bit = offsets[index] + min(place, span.top) - span.low
    depths[bit] = max(depths[bit], registers)
  }
}

extension PipelinedDatapath.Placement {
  /// Registers of the chain's first ones that are in tables.
  fileprivate func shiftedCount(upTo depth: Int) -> Int {
    shiftRegisters.reduce(0) { $0 + max(0, min($1.upperBound, depth) - $1.lowerBound) }
  }
}

extension PipelinedDatapath {
  /// Places of a node that only repeat a wire behind its registers.
  fileprivate struct PassedBits {
    let tap: Tap
    /// Places that the wire is moved up by.
    let shift: Int
    let places: Range<Int>
  }

  /// The bits of a node that are another wire's, if there are any.
  fileprivate func passedBits(of index: Int, _ spans: [WireSpan]) -> PassedBits? {
    let node = datapath.nodes[index]
    let span = spans[index]
    switch node.op {
    case .add(let operands):
      if operands.count == 1, !operands[0].isNegated {
        guard span.count > 0 else { return nil }
        return PassedBits(
          tap: tap(of: operands[0].wire, readBy: Wire(index)), shift: operands[0].shift,
          places: span.low..<(span.top + 1))
      }
      let sum = SumShape(operands, in: datapath, spans, width: node.range.signedBits)
      guard let lowest = sum.passedOperand, sum.base > span.low else { return nil }
      return PassedBits(
        tap: tap(of: lowest.wire, readBy: Wire(index)), shift: lowest.shift,
        places: span.low..<sum.base)
    case .requantize(let wire, _, _):
      // A limited or rounded word is logic; one that is only cut off is wires.
      guard span.count > 0, node.registerCount({ datapath[$0] }) == 0 else { return nil }
      let shift = datapath[wire].format.fractionBits - node.format.fractionBits
      return PassedBits(
        tap: tap(of: wire, readBy: Wire(index)), shift: -shift,
        places: span.low..<(span.top + 1))
    case .input, .constant, .delay, .linear, .multiply, .relu, .clamp, .lookup: return nil
    }
  }
}
