import PareDatapath
import PareNumerics

/// Verilog text of one node: the wires it needs on the way, and the value that its register loads or its wire shows.
struct VerilogLogic {
  /// Declarations of wires with their values, in order.
  var wires: [String] = []
  /// Registers inside the node, before the one that holds its result.
  var inner: [Register] = []
  var value = ""
  /// A condition under which the register loads 0 whatever the value is: a reset does that without logic in every bit.
  var clear: String?
  /// Bits that the node leaves unread.
  var unused: [String] = []

  struct Register {
    let name: String
    /// `signed [15:0]`, or empty for a flag.
    let type: String
    let value: String
  }
}

/// What a node reads: a signal, what it can carry, and the index of its sign.
private struct Source {
  let signal: String
  let range: IntegerRange
  let top: Int
}

/// Writes nodes as Verilog expressions. All signals are signed vectors of the bits that the range needs.
struct VerilogNodes {
  let pipeline: PipelinedDatapath
  let names: SignalNames
  /// Constants that have a wire of their own, because they are delayed or sliced.
  let wiredConstants: Set<Int>
  /// The tables of the module and their names, in the order of the nodes.
  let tables: [(table: RomTable, name: String)]
  /// Low bits of each wire that are always 0.
  private let trailingZeros: [Int]

  init(_ pipeline: PipelinedDatapath, _ names: SignalNames) {
    self.pipeline = pipeline
    self.names = names
    var wired: Set<Int> = []
    var tables: [(table: RomTable, name: String)] = []
    for (index, node) in pipeline.datapath.nodes.enumerated() where !node.isDelayNode {
      var isSum = false
      if case .add = node.op { isSum = true }
      for operand in node.op.operands {
        let tap = pipeline.tap(of: operand, readBy: Wire(index))
        if !isSum || tap.registers > 0 { wired.insert(Int(tap.wire.index)) }
      }
      if let table = RomTable(node, pipeline.datapath),
        !tables.contains(where: { $0.table == table })
      {
        tables.append((table, "table\(tables.count)"))
      }
    }
    for output in pipeline.datapath.outputs {
      wired.insert(Int(pipeline.tap(of: output).wire.index))
    }
    wiredConstants = wired
    self.tables = tables
    trailingZeros = pipeline.datapath.trailingZeros
  }

  /// The signal that a tap reads.
  func signal(_ tap: PipelinedDatapath.Tap) -> String {
    let node = pipeline.datapath[tap.wire]
    let name = names[tap.wire]
    switch node.op {
    case .input:
      // Counted from the port, so that the input register is the first delay.
      let delay = tap.registers + pipeline[tap.wire].registers
      if delay > 0 { return "\(name)_d\(delay)" }
      return node.format.isSigned ? name : DerivedSignal.signed.named(after: name)
    case .constant(let value):
      if tap.registers == 0, !wiredConstants.contains(Int(tap.wire.index)) {
        return literal(value)
      }
    case .delay, .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup: break
    }
    return tap.registers > 0 ? "\(name)_d\(tap.registers)" : name
  }

  func logic(of wire: Wire) -> VerilogLogic {
    let node = pipeline.datapath[wire]
    func source(_ operand: Wire) -> Source {
      let tap = pipeline.tap(of: operand, readBy: wire)
      return Source(
        signal: signal(tap), range: pipeline.datapath[operand].range,
        top: pipeline.datapath[tap.wire].range.signedBits - 1)
    }
    var logic = VerilogLogic()
    switch node.op {
    case .input(let channel):
      let port = pipeline.datapath.inputs[channel]
      logic.value = node.format.isSigned ? port : "$signed({1'b0, \(port)})"
    case .constant(let value): logic.value = literal(value)
    case .delay, .linear:
      preconditionFailure("%\(wire.index) (\(node.op.keyword)) has no logic of its own")
    case .add(let operands):
      if fitsRow(operands) {
        let row = VerilogRow(
          operands.map { term($0, readBy: wire, signal) }, bits: node.range.signedBits,
          name: names[wire])
        logic.wires += row.lines
        logic.value = row.value
      } else {
        logic.value = sum(operands) { source($0).signal }
      }
    case .multiply(let a, let b): logic.value = "\(source(a).signal) * \(source(b).signal)"
    case .relu(let operand):
      let x = source(operand)
      if x.range.lower >= 0 {
        logic.value = x.signal
      } else if pipeline[wire].registers > 0, x.top > 0 {
        logic.clear = "\(x.signal)[\(x.top)]"
        logic.value = "$signed({1'b0, \(x.signal)[\(x.top - 1):0]})"
      } else {
        logic.value = "\(x.signal)[\(x.top)] ? \(literal(0, bits: x.top + 1)) : \(x.signal)"
      }
    case .clamp(let operand, let lower, let upper):
      let x = source(operand)
      var value = x.signal
      if upper == 0, x.range.upper > upper, x.range.lower >= lower, pipeline[wire].registers > 0 {
        logic.clear = "!\(x.signal)[\(x.top)]"
      } else if upper == 0, x.range.upper > upper {
        // The sign alone tells, and no comparator is needed.
        value = "\(x.signal)[\(x.top)] ? \(value) : \(literal(0, bits: x.top + 1))"
      } else if x.range.upper > upper {
        value = "\(x.signal) > \(literal(upper)) ? \(literal(upper)) : \(value)"
      }
      if x.range.lower < lower, lower == 0, upper > 0, pipeline[wire].registers > 0 {
        logic.clear = "\(x.signal)[\(x.top)]"
      } else if x.range.lower < lower {
        value = "\(x.signal) < \(literal(lower)) ? \(literal(lower)) : \(value)"
      }
      logic.value = value
    case .requantize(let operand, let rounding, let overflow):
      requantize(
        source(operand), pipeline.datapath[operand].format.fractionBits, wire, rounding, overflow,
        &logic)
    case .lookup(let operand, let shift, let table):
      let x = source(operand)
      lookup(x, LookupShape(x.range, shift: shift, table: table), shift, wire, &logic)
    }
    return logic
  }

  /// Whether a wire without a register is a sum that synthesis must leave alone.
  ///
  /// Not a sum with a constant where adders have two operands: Yosys 0.70 makes a wrong netlist of one for ECP5 (ABC9 merges its
  /// upper bits, and takes the kept wire's for undriven).
  func isKept(_ wire: Wire) -> Bool {
    guard case .add(let operands) = pipeline.datapath[wire].op, pipeline[wire].registers == 0 else {
      return false
    }
    if pipeline.options.family.adderOperands < 3,
      operands.contains(where: { constant($0.wire) != nil })
    {
      return false
    }
    return (operands.count > 1 || operands[0].isNegated) && !fitsRow(operands)
  }

  /// Whether a sum becomes one instance of `pare_row3`.
  func fitsRow(_ operands: [Operand]) -> Bool {
    pipeline.options.family.adderOperands >= 3 && operands.count == 3
      && operands.contains { !$0.isNegated || constant($0.wire) != nil }
  }

  /// The value of a wire that is written as a literal.
  private func constant(_ wire: Wire) -> Int64? {
    guard case .constant(let value) = pipeline.datapath[wire].op else { return nil }
    return value
  }

  /// An operand of a sum as a row takes it.
  ///
  /// - Parameter signal: the signal that a tap reads.
  func term(
    _ operand: Operand, readBy node: Wire, _ signal: (PipelinedDatapath.Tap) -> String
  ) -> VerilogRow.Term {
    let shift = operand.shift
    if let value = constant(operand.wire) {
      let signed = (operand.isNegated ? -value : value) << Int64(shift)
      return .init(
        signal: "", wire: nil, constant: signed, shift: 0, isNegated: false,
        zeros: signed.trailingZeroBitCount)
    }
    let tap = pipeline.tap(of: operand.wire, readBy: node)
    return .init(
      signal: signal(tap), wire: tap.wire, constant: nil, shift: shift,
      isNegated: operand.isNegated,
      zeros: shift + trailingZeros[Int(tap.wire.index)])
  }

  private func sum(_ operands: [Operand], _ signal: (Wire) -> String) -> String {
    var text = ""
    for operand in operands {
      let shifted = shifted(signal(operand.wire), operand)
      // A literal brings its own sign, which must not meet the operator's.
      let term = shifted.hasPrefix("-") ? "(\(shifted))" : shifted
      if text.isEmpty {
        text = operand.isNegated ? "-\(term)" : term
      } else {
        text += operand.isNegated ? " - \(term)" : " + \(term)"
      }
    }
    return text
  }

  private func shifted(_ signal: String, _ operand: Operand) -> String {
    if operand.shift == 0 { return signal }
    if case .constant(let value) = pipeline.datapath[operand.wire].op, signal == literal(value),
      value.magnitude.leadingZeroBitCount > operand.shift + 2
    {
      return literal(value << Int64(operand.shift))
    }
    return "(\(signal) <<< \(operand.shift))"
  }

  private func requantize(
    _ x: Source, _ fractionBits: Int, _ wire: Wire, _ rounding: Rounding, _ overflow: Overflow,
    _ logic: inout VerilogLogic
  ) {
    let format = pipeline.datapath[wire].format
    let name = names[wire]
    let shift = fractionBits - format.fractionBits
    var source = x.signal
    if shift > 0, rounding != .floor {
      let rounded = DerivedSignal.rounded.named(after: name)
      let half = Int64(1) << Int64(shift - 1)
      var tie = ""
      if rounding == .convergent {
        if shift > x.top {
          // With more bits to drop than there are, the bit that decides ties is the sign.
          source = DerivedSignal.signed.named(after: name)
          logic.wires.append("wire signed [\(shift):0] \(source) = \(x.signal);")
        }
        tie = " + $signed({1'b0, \(source)[\(shift)]})"
      }
      let constant = literal(rounding == .nearest ? half : half - 1)
      let top = max(x.range.signedBits, shift + 1)
      logic.wires.append(
        "wire signed [\(top):0] \(rounded) = \(source) + \(constant)\(tie);")
      source = rounded
    }
    let moved = movedRange(x.range, by: shift, rounding)
    let shifted =
      shift > 0 ? "\(source) >>> \(shift)" : shift < 0 ? "\(source) <<< \(-shift)" : source
    let part = DerivedSignal.shifted.named(after: name)
    switch overflow {
    case .wrap where !format.range.contains(moved):
      logic.wires.append("wire [\(format.wordLength - 1):0] \(part) = \(shifted);")
      logic.value = format.isSigned ? "$signed(\(part))" : "$signed({1'b0, \(part)})"
    case .saturate where !format.range.contains(moved):
      logic.wires.append("wire signed [\(moved.signedBits - 1):0] \(part) = \(shifted);")
      saturate(part, moved, format, name, hasRegister: pipeline[wire].registers > 0, &logic)
    case .wrap, .saturate: logic.value = shifted
    }
  }

  /// Limits by looking at the bits above the word, which is faster than comparing.
  private func saturate(
    _ x: String, _ range: IntegerRange, _ format: WordFormat, _ name: String, hasRegister: Bool,
    _ logic: inout VerilogLogic
  ) {
    let top = range.signedBits - 1
    // The bits above the magnitude: all equal to the sign when the value fits.
    let low = format.isSigned ? format.wordLength - 1 : format.wordLength
    let isTooHigh = range.upper > format.maximumRaw
    let isTooLow = range.lower < format.minimumRaw
    let word =
      format.isSigned
      ? "$signed(\(x)[\(format.wordLength - 1):0])" : "$signed({1'b0, \(x)[\(low - 1):0]})"
    let maximum = literal(format.maximumRaw)
    let minimum = literal(format.minimumRaw)
    if !format.isSigned {
      // When the value cannot be too low its sign is 0, and may be looked at with the others.
      let high = "|\(x)[\(isTooLow ? top - 1 : top):\(low)]"
      let limited = isTooHigh ? "\(high) ? \(maximum) : \(word)" : x
      if isTooLow, hasRegister, top > 0 {
        logic.clear = "\(x)[\(top)]"
        logic.value = isTooHigh ? limited : "$signed({1'b0, \(x)[\(top - 1):0]})"
      } else {
        logic.value = isTooLow ? "\(x)[\(top)] ? \(minimum) : \(limited)" : limited
      }
      return
    }
    let fits = DerivedSignal.fits.named(after: name)
    let high = "\(x)[\(top):\(low)]"
    if isTooHigh && isTooLow {
      logic.wires.append("wire \(fits) = &\(high) | ~|\(high);")
      logic.value = "\(fits) ? \(word) : \(x)[\(top)] ? \(minimum) : \(maximum)"
    } else if isTooHigh {
      logic.wires.append("wire \(fits) = \(x)[\(top)] | ~|\(x)[\(top - 1):\(low)];")
      logic.value = "\(fits) ? \(word) : \(maximum)"
    } else {
      logic.wires.append("wire \(fits) = ~\(x)[\(top)] | &\(x)[\(top - 1):\(low)];")
      logic.value = "\(fits) ? \(word) : \(minimum)"
    }
  }

  private func lookup(
    _ x: Source, _ shape: LookupShape, _ shift: Int, _ wire: Wire, _ logic: inout VerilogLogic
  ) {
    let node = pipeline.datapath[wire]
    let name = names[wire]
    let bits = x.range.signedBits
    let sign = "\(x.signal)[\(x.top)]"
    let magnitude = DerivedSignal.magnitude.named(after: name)
    let index = DerivedSignal.index.named(after: name)
    let magnitudeBits = max(1, bits - 1)
    if !shape.isSigned { logic.unused.append(sign) }
    logic.wires.append(
      "wire [\(magnitudeBits - 1):0] \(magnitude) = "
        + (shape.isSigned ? "\(sign) ? ~\(x.signal) : \(x.signal);" : "\(x.signal);"))
    let indexBits = max(shape.addressBits, magnitudeBits - shift)
    logic.wires.append("wire [\(indexBits - 1):0] \(index) = \(magnitude) >> \(shift);")
    var limited = index
    if shape.isLimited {
      let last = "\(shape.addressBits)'d\(shape.count - 1)"
      let isPower = shape.count == 1 << shape.addressBits
      let over =
        isPower
        ? "|\(index)[\(indexBits - 1):\(shape.addressBits)]" : "\(index) > \(shape.count - 1)"
      limited = "\(over) ? \(last) : \(index)[\(shape.addressBits - 1):0]"
    }
    let address = DerivedSignal.address.named(after: name)
    logic.inner.append(
      .init(name: address, type: "[\(shape.addressBits - 1):0]", value: limited))
    let rom = RomTable(node, pipeline.datapath)
    guard let table = tables.first(where: { $0.table == rom }) else {
      preconditionFailure("%\(wire.index) has no table")
    }
    var flag = DerivedSignal.sign.named(after: name)
    if shape.isSigned { logic.inner.append(.init(name: flag, type: "", value: sign)) }
    var read = "\(table.name)[\(address)]"
    if shape.bankCount > 1 {
      read = pickedBank(table.name, shape, name, flag, &logic)
      flag = DerivedSignal.bankSign.named(after: name)
    }
    guard shape.isSigned else {
      logic.value = read
      return
    }
    let entry = DerivedSignal.entry.named(after: name)
    let entrySign = DerivedSignal.entrySign.named(after: name)
    logic.inner.append(
      .init(name: entry, type: "signed [\(shape.entryBits - 1):0]", value: read))
    logic.inner.append(.init(name: entrySign, type: "", value: flag))
    logic.value = "\(entrySign) ? -\(entry) : \(entry)"
  }

  /// Registers for what every bank holds at the address, and the choice among them.
  private func pickedBank(
    _ table: String, _ shape: LookupShape, _ name: String, _ flag: String,
    _ logic: inout VerilogLogic
  ) -> String {
    let address = DerivedSignal.address.named(after: name)
    let select = DerivedSignal.select.named(after: name)
    let low = LookupShape.bankAddressBits
    for bank in 0..<shape.bankCount {
      logic.inner.append(
        .init(
          name: "\(name)_b\(bank)", type: "signed [\(shape.entryBits - 1):0]",
          value: "\(table)b\(bank)[\(address)[\(low - 1):0]]"))
    }
    logic.inner.append(
      .init(
        name: select, type: "[\(shape.selectBits - 1):0]",
        value: "\(address)[\(shape.addressBits - 1):\(low)]"))
    if shape.isSigned {
      logic.inner.append(
        .init(name: DerivedSignal.bankSign.named(after: name), type: "", value: flag))
    }
    let last = "\(name)_b\(shape.bankCount - 1)"
    return (0..<(shape.bankCount - 1)).reversed().reduce(last) { rest, bank in
      "\(select) == \(bank) ? \(name)_b\(bank) : \(rest)"
    }
  }

  private func movedRange(
    _ range: IntegerRange, by shift: Int, _ rounding: Rounding
  ) -> IntegerRange {
    shift > 0
      ? IntegerRange(
        Requantizer.shiftedRight(range.lower, by: shift, rounding),
        Requantizer.shiftedRight(range.upper, by: shift, rounding))
      : IntegerRange(range.lower << Int64(-shift), range.upper << Int64(-shift))
  }
}

/// The entries of a table that its argument can reach; equal ones share a memory.
struct RomTable: Hashable {
  let entries: [Int64]
  let entryBits: Int
  let bankCount: Int

  init?(_ node: Node, _ datapath: Datapath) {
    guard case .lookup(let wire, let shift, let table) = node.op else { return nil }
    let shape = LookupShape(datapath[wire].range, shift: shift, table: table)
    entries = Array(table[..<shape.count])
    entryBits = shape.entryBits
    bankCount = shape.bankCount
  }
}

extension RomTable {
  /// The memories of the table and what they hold. The last bank is filled up with its last entry, so that reading it at
  /// an address meant for another bank is defined.
  func memories(named name: String) -> [(name: String, entries: [Int64])] {
    if bankCount == 1 { return [(name, entries)] }
    let size = 1 << LookupShape.bankAddressBits
    return (0..<bankCount).map { bank in
      let part = entries.dropFirst(bank * size).prefix(size)
      return ("\(name)b\(bank)", part + Array(repeating: part.last!, count: size - part.count))
    }
  }
}

extension Datapath {
  /// Low bits of each wire that are always 0, as far as shifts and sums tell.
  fileprivate var trailingZeros: [Int] {
    var zeros: [Int] = []
    for node in nodes {
      let known =
        switch node.op {
        case .constant(let value): min(value.trailingZeroBitCount, 62)
        case .delay(let wire, _), .relu(let wire): zeros[Int(wire.index)]
        case .add(let operands):
          min(operands.map { $0.shift + zeros[Int($0.wire.index)] }.min() ?? 0, 62)
        case .multiply(let a, let b): min(zeros[Int(a.index)] + zeros[Int(b.index)], 62)
        case .input, .linear, .clamp, .requantize, .lookup: 0
        }
      zeros.append(known)
    }
    return zeros
  }
}

extension Node {
  var isDelayNode: Bool {
    if case .delay = op { return true }
    return false
  }
}

/// A signed literal of the bits that the value needs, or of the given bits.
func literal(_ value: Int64, bits: Int? = nil) -> String {
  // One bit more than needed, so that the magnitude of the most negative value is positive before the sign applies.
  let width = bits ?? IntegerRange(min(value, 0), max(value, 0)).signedBits + (value < 0 ? 1 : 0)
  return "\(value < 0 ? "-" : "")\(width)'sd\(value.magnitude)"
}
