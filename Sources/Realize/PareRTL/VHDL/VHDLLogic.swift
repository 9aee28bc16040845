import PareDatapath
import PareNumerics

/// VHDL text of one node: the signals it needs on the way, and the value that its register loads or its signal shows.
struct VHDLLogic {
  struct Assignment {
    let name: String
    let type: VHDLType
    let value: String
  }

  /// Combinational signals, in order.
  var wires: [Assignment] = []
  /// Signals that an instance drives.
  var driven: [(name: String, type: VHDLType)] = []
  /// Lines of that instance.
  var instance: [String] = []
  /// Registers inside the node, before the one that holds its result.
  var inner: [Assignment] = []
  var value = ""
  /// A bit that makes the register load 0 whatever the value is: a reset does that without logic in every bit.
  var clear: String?
}

/// Writes nodes as VHDL expressions. All values are of type `signed` with the bits that the range needs.
struct VHDLNodes {
  let pipeline: PipelinedDatapath
  let names: SignalNames
  /// What depends on no language: which constants are named, which sums are rows, which tables there are.
  let shared: VerilogNodes

  init(_ pipeline: PipelinedDatapath, _ names: SignalNames) {
    self.pipeline = pipeline
    self.names = names
    shared = VerilogNodes(pipeline, names)
  }

  func bits(_ wire: Wire) -> Int { pipeline.datapath[wire].range.signedBits }

  /// The signal that a tap reads.
  func signal(_ tap: PipelinedDatapath.Tap) -> VHDLWord {
    var name = names[tap.wire]
    if case .input = pipeline.datapath[tap.wire].op {
      // Counted from the port, so that the input register is the first delay.
      let delay = tap.registers + pipeline[tap.wire].registers
      name = delay > 0 ? "\(name)_d\(delay)" : DerivedSignal.signed.named(after: name)
    } else if tap.registers > 0 {
      name += "_d\(tap.registers)"
    }
    return VHDLWord(name: name, bits: bits(tap.wire))
  }

  func logic(of wire: Wire) -> VHDLLogic {
    let node = pipeline.datapath[wire]
    let bits = bits(wire)
    func source(_ operand: Wire) -> VHDLWord { signal(pipeline.tap(of: operand, readBy: wire)) }
    func range(_ operand: Wire) -> IntegerRange { pipeline.datapath[operand].range }
    var logic = VHDLLogic()
    switch node.op {
    case .input(let channel):
      let port = pipeline.datapath.inputs[channel]
      let port0 = node.format.isSigned ? "signed(\(port))" : "signed('0' & \(port))"
      // A promised range may be narrower than the port.
      let portBits = node.format.wordLength + (node.format.isSigned ? 0 : 1)
      logic.value = portBits == bits ? port0 : "resize(\(port0), \(bits))"
    case .constant(let value): logic.value = vhdlLiteral(value, bits: bits)
    case .delay, .linear:
      preconditionFailure("%\(wire.index) (\(node.op.keyword)) has no logic of its own")
    case .add(let operands):
      if shared.fitsRow(operands) {
        row(operands, of: wire, &logic)
      } else {
        logic.value = sum(operands, of: wire)
      }
    case .multiply(let a, let b):
      let (x, y) = (source(a), source(b))
      let product = "\(x.name) * \(y.name)"
      logic.value = x.bits + y.bits == bits ? product : "resize(\(product), \(bits))"
    case .relu(let operand):
      let x = source(operand)
      if range(operand).lower >= 0 {
        logic.value = x.fitted(to: bits)
      } else {
        loadZero(when: x.sign, else: x.fitted(to: bits), wire, &logic)
      }
    case .clamp(let operand, let lower, let upper):
      let x = source(operand)
      var value = x.fitted(to: bits)
      if upper == 0, range(operand).upper > upper {
        // The sign alone tells, and no comparator is needed.
        value = "(others => '0') when \(x.sign) = '0' else \(value)"
      } else if range(operand).upper > upper {
        value =
          "\(vhdlLiteral(upper, bits: bits)) when \(x.name) > \(vhdlLiteral(upper)) else \(value)"
      }
      if range(operand).lower < lower, lower == 0, upper > 0 {
        loadZero(when: x.sign, else: value, wire, &logic)
        break
      } else if range(operand).lower < lower {
        value =
          "\(vhdlLiteral(lower, bits: bits)) when \(x.name) < \(vhdlLiteral(lower)) else \(value)"
      }
      logic.value = value
    case .requantize(let operand, let rounding, let overflow):
      let shift = pipeline.datapath[operand].format.fractionBits - node.format.fractionBits
      requantize(
        source(operand), range(operand), shift, wire, rounding, overflow, &logic)
    case .lookup(let operand, let shift, let table):
      lookup(
        source(operand), LookupShape(range(operand), shift: shift, table: table), shift, wire,
        &logic)
    }
    return logic
  }

  /// A value that is 0 for a negative word; by the reset of the node's register, if it has one.
  private func loadZero(
    when sign: String, else value: String, _ wire: Wire, _ logic: inout VHDLLogic
  ) {
    if pipeline[wire].registers > 0 {
      logic.clear = sign
      logic.value = value
    } else {
      logic.value = "(others => '0') when \(sign) = '1' else \(value)"
    }
  }

  private func sum(_ operands: [Operand], of wire: Wire) -> String {
    let bits = bits(wire)
    var text = ""
    for operand in operands {
      let tap = pipeline.tap(of: operand.wire, readBy: wire)
      var term: String
      if case .constant(let value) = pipeline.datapath[tap.wire].op, tap.registers == 0 {
        term = vhdlLiteral(value << Int64(operand.shift), bits: bits)
      } else {
        // Cut words do no harm: the sum is right modulo 2^bits, and its range fits.
        term = signal(tap).shifted(right: -operand.shift, to: bits)
      }
      if operand.isNegated { term = "- \(term)" } else if !text.isEmpty { term = "+ \(term)" }
      text += text.isEmpty ? term : " \(term)"
    }
    return text
  }

  private func requantize(
    _ x: VHDLWord, _ range: IntegerRange, _ shift: Int, _ wire: Wire, _ rounding: Rounding,
    _ overflow: Overflow, _ logic: inout VHDLLogic
  ) {
    let node = pipeline.datapath[wire]
    let name = names[wire]
    let format = node.format
    let bits = node.range.signedBits
    var source = x
    if shift > 0, rounding != .floor {
      let half = Int64(1) << Int64(shift - 1)
      let rounded = VHDLWord(
        name: DerivedSignal.rounded.named(after: name), bits: max(range.signedBits, shift + 1) + 1)
      var tie = ""
      if rounding == .convergent {
        if shift > x.top {
          // With more bits to drop than there are, the bit that decides ties is the sign.
          source = VHDLWord(name: DerivedSignal.signed.named(after: name), bits: shift + 1)
          logic.wires.append(
            .init(name: source.name, type: .signed(source.bits), value: x.fitted(to: source.bits)))
        }
        tie = " + signed'('0' & \(source.name)(\(shift)))"
      }
      let constant = vhdlLiteral(rounding == .nearest ? half : half - 1, bits: rounded.bits)
      logic.wires.append(
        .init(
          name: rounded.name, type: .signed(rounded.bits),
          value: "\(source.fitted(to: rounded.bits)) + \(constant)\(tie)"))
      source = rounded
    }
    let moved = Requantizer.moved(range, by: shift, rounding)
    guard !format.range.contains(moved) else {
      logic.value = source.shifted(right: shift, to: bits)
      return
    }
    let part = DerivedSignal.shifted.named(after: name)
    switch overflow {
    case .wrap:
      let low = source.shifted(right: shift, to: format.wordLength)
      let word = VHDLWord(
        name: part, bits: format.isSigned ? format.wordLength : format.wordLength + 1)
      logic.wires.append(
        .init(
          name: part, type: .signed(word.bits), value: format.isSigned ? low : "'0' & \(low)"))
      logic.value = word.fitted(to: bits)
    case .saturate:
      let word = VHDLWord(name: part, bits: moved.signedBits)
      logic.wires.append(
        .init(
          name: part, type: .signed(word.bits), value: source.shifted(right: shift, to: word.bits)))
      saturate(word, moved, wire, &logic)
    }
  }

  /// Limits by looking at the bits above the word, which is faster than comparing.
  private func saturate(
    _ x: VHDLWord, _ range: IntegerRange, _ wire: Wire, _ logic: inout VHDLLogic
  ) {
    let format = pipeline.datapath[wire].format
    let bits = bits(wire)
    let isTooHigh = range.upper > format.maximumRaw
    let isTooLow = range.lower < format.minimumRaw
    let maximum = vhdlLiteral(format.maximumRaw, bits: bits)
    let minimum = vhdlLiteral(format.minimumRaw, bits: bits)
    if !format.isSigned {
      let low = format.wordLength
      var limited = x.fitted(to: bits)
      if isTooHigh {
        // When the value cannot be too low its sign is 0, and may be looked at with the others.
        let high = "(or \(x.slice(isTooLow ? x.top - 1 : x.top, low))) = '1'"
        limited = "\(maximum) when \(high) else '0' & \(x.slice(bits - 2, 0))"
      }
      if isTooLow {
        loadZero(when: x.sign, else: limited, wire, &logic)
      } else {
        logic.value = limited
      }
      return
    }
    // The bits above the magnitude: all equal to the sign when the value fits.
    let low = format.wordLength - 1
    let word = x.fitted(to: bits)
    let fits = DerivedSignal.fits.named(after: names[wire])
    let test: String
    if isTooHigh && isTooLow {
      let high = x.slice(x.top, low)
      test = "(and \(high)) or (nor \(high))"
      logic.value =
        "\(word) when \(fits) = '1' else \(minimum) when \(x.sign) = '1' else \(maximum)"
    } else if isTooHigh {
      test = "\(x.sign) or (nor \(x.slice(x.top - 1, low)))"
      logic.value = "\(word) when \(fits) = '1' else \(maximum)"
    } else {
      test = "(not \(x.sign)) or (and \(x.slice(x.top - 1, low)))"
      logic.value = "\(word) when \(fits) = '1' else \(minimum)"
    }
    logic.wires.append(.init(name: fits, type: .bit, value: test))
  }
}

extension Requantizer {
  /// The bounds of what moving a value of the range by `shift` places to the right gives, before it is limited.
  static func moved(_ range: IntegerRange, by shift: Int, _ rounding: Rounding) -> IntegerRange {
    shift > 0
      ? IntegerRange(
        shiftedRight(range.lower, by: shift, rounding),
        shiftedRight(range.upper, by: shift, rounding))
      : IntegerRange(range.lower << Int64(-shift), range.upper << Int64(-shift))
  }
}
