public import PareDatapath
public import PareNumerics

/// What every register and output of a module must show, written a second time from the ops of the graph.
///
/// The text of the module is not looked at: sums are formed in words that cannot overflow, roundings and limits by
/// comparisons. Only the names of the registers are shared. A prover cuts the module at its registers, so that each becomes
/// a free variable and its next value a function, and proves that function equal to ``Check/value``.
public struct NextStateReference: Sendable {
  /// A register or input port: a free variable of every proof.
  public struct Variable: Hashable, Sendable {
    public let name: String
    public let bits: Int
    /// Values that it can have; nil for all of its bits.
    public let range: IntegerRange?
    public let isPort: Bool
  }

  /// A register whose next value, or an output whose value, is to be proven.
  public struct Check: Hashable, Sendable {
    public let name: String
    public let bits: Int
    /// The node whose result, inner step or delay line this is; nil for the flags and the ports.
    public let node: Int?
    /// Whether it is a register; an output port otherwise.
    public let isRegister: Bool
    /// Verilog over the variables.
    public let value: String
    /// Variables that the value depends on.
    public let support: [String]
  }

  public private(set) var variables: [Variable] = []
  public private(set) var checks: [Check] = []
  /// Declarations that the values build on.
  public private(set) var declarations: [String] = []

  private let pipeline: PipelinedDatapath
  private let nodes: VerilogNodes
  private var names: SignalNames { nodes.names }
  private var datapath: Datapath { pipeline.datapath }
  private var wireSupport: [String: Set<String>] = [:]

  /// - Throws: ``RTLError`` for a port that cannot keep its name.
  public init(_ pipeline: PipelinedDatapath) throws(RTLError) {
    self.pipeline = pipeline
    nodes = VerilogNodes(pipeline, try SignalNames(pipeline))
    declareVariables()
    for index in datapath.nodes.indices { appendNode(index) }
    appendChains()
    appendInterface()
  }

  // MARK: - Variables

  /// A register's range with the 0 that a reset leaves.
  private mutating func declare(_ name: String, _ bits: Int, _ range: IntegerRange?) {
    variables.append(Variable(name: name, bits: bits, range: range, isPort: false))
    wireSupport[name] = [name]
  }

  private mutating func declareVariables() {
    for flag in ["rst", "in_valid"] {
      variables.append(Variable(name: flag, bits: 1, range: nil, isPort: true))
    }
    if pipeline.liveFlagCount > 0 { declare("live", pipeline.liveFlagCount, nil) }
    for (index, node) in datapath.nodes.enumerated() where !node.isDelayNode {
      let wire = Wire(index)
      let range = node.range.union(IntegerRange(0))
      if case .input(let channel) = node.op {
        let port = datapath.inputs[channel]
        variables.append(
          Variable(name: port, bits: node.format.wordLength, range: nil, isPort: true))
        wireSupport[port] = [port]
      }
      if pipeline[wire].registers > 0 {
        for inner in innerRegisters(index) { declare(inner.name, inner.bits, nil) }
        declare(resultName(wire), range.signedBits, range)
      }
      for register in 0..<pipeline[wire].chain {
        declare(chainName(wire, register), range.signedBits, range)
      }
    }
  }

  private func resultName(_ wire: Wire) -> String {
    if case .input = datapath[wire].op { return "\(names[wire])_d1" }
    return names[wire]
  }

  private func chainName(_ wire: Wire, _ register: Int) -> String {
    var first = 0
    if case .input = datapath[wire].op { first = pipeline[wire].registers }
    return "\(names[wire])_d\(first + register + 1)"
  }

  // MARK: - Registers

  private mutating func appendNode(_ index: Int) {
    let node = datapath.nodes[index]
    let wire = Wire(index)
    if node.isDelayNode { return }
    let support = Set(node.op.operands.flatMap { operandSupport($0, readBy: wire) })
    var value: String
    switch node.op {
    case .input(let channel):
      let port = datapath.inputs[channel]
      let bits = node.range.signedBits
      declareWire(
        "c_\(index)", bits,
        node.format.isSigned ? "$signed(\(port))" : "$signed({1'b0, \(port)})", [port])
      value = "c_\(index)"
    case .lookup:
      appendLookup(index, support)
      return
    case .constant, .delay, .linear, .add, .multiply, .relu, .clamp, .requantize:
      value = combinational(index)
      declareWire("c_\(index)", node.range.signedBits, value, support)
      value = "c_\(index)"
    }
    guard pipeline[wire].registers > 0 else { return }
    let flag = pipeline[wire].isHeld ? pipeline[wire].wireStage - 1 : nil
    appendRegister(
      resultName(wire), node.range.signedBits, index, loads: value, flag: flag, hasReset: true,
      wireSupport[value] ?? [])
  }

  private mutating func declareWire(
    _ name: String, _ bits: Int, _ value: String, _ support: Set<String>
  ) {
    declarations.append("wire signed [\(bits - 1):0] \(name) = \(value);")
    wireSupport[name] = support
  }

  private mutating func appendRegister(
    _ name: String, _ bits: Int, _ node: Int?, loads value: String, flag: Int?, hasReset: Bool,
    _ support: Set<String>
  ) {
    var reset = hasReset ? "rst" : "1'b0"
    var support = support.union([name, "rst", "in_valid"])
    if let flag {
      reset = "(rst || !\(Self.live(flag)))"
      support.insert("live")
    }
    checks.append(
      Check(
        name: name, bits: bits, node: node, isRegister: true,
        value: "\(reset) ? {\(bits){1'b0}} : in_valid ? \(value) : \(name)",
        support: support.sorted()))
  }

  private mutating func appendChains() {
    for (index, node) in datapath.nodes.enumerated() where !node.isDelayNode {
      let wire = Wire(index)
      let placement = pipeline[wire]
      for register in 0..<placement.chain {
        let source =
          register == 0
          ? signal(wire, registers: 0) : chainName(wire, register - 1)
        let isHeld = placement.heldChain.contains(register)
        appendRegister(
          chainName(wire, register), node.range.union(IntegerRange(0)).signedBits, index,
          loads: source, flag: isHeld ? placement.firstLive(inChain: register) : nil,
          hasReset: !placement.isShifted(inChain: register), wireSupport[source] ?? [])
      }
    }
  }

  /// The flag of a number; the module counts its flags from 1, and the variable its bits from 0.
  private static func live(_ number: Int) -> String { "live[\(number - 1)]" }

  private mutating func appendInterface() {
    let count = pipeline.liveFlagCount
    if count > 0 {
      let shifted = count == 1 ? "1'b1" : "{live[\(count - 2):0], 1'b1}"
      checks.append(
        Check(
          name: "live", bits: count, node: nil, isRegister: true,
          value: "rst ? {\(count){1'b0}} : in_valid ? \(shifted) : live",
          support: ["in_valid", "live", "rst"]))
    }
    let flush = pipeline.flushCount
    checks.append(
      Check(
        name: "out_valid", bits: 1, node: nil, isRegister: true,
        value: "rst ? 1'b0 : in_valid\(flush > 0 ? " && \(Self.live(flush))" : "")",
        support: (flush > 0 ? ["live"] : []) + ["in_valid", "rst"]))
    for output in datapath.outputs {
      let tap = pipeline.tap(of: output)
      let source = signal(tap.wire, registers: tap.registers)
      checks.append(
        Check(
          name: output.name, bits: datapath[output.wire].format.wordLength, node: nil,
          isRegister: false, value: source, support: (wireSupport[source] ?? []).sorted()))
    }
  }

  // MARK: - Values

  /// The name in this reference of a wire behind registers.
  private func signal(_ wire: Wire, registers: Int) -> String {
    if registers > 0 { return chainName(wire, registers - 1) }
    return pipeline[wire].registers > 0 ? resultName(wire) : "c_\(wire.index)"
  }

  private func operand(_ wire: Wire, readBy reader: Wire) -> String {
    let tap = pipeline.tap(of: wire, readBy: reader)
    return signal(tap.wire, registers: tap.registers)
  }

  private func operandSupport(_ wire: Wire, readBy reader: Wire) -> Set<String> {
    wireSupport[operand(wire, readBy: reader)] ?? []
  }

  /// A value in the 64 bits in which the op is defined, or more where the sum needs them.
  private func combinational(_ index: Int) -> String {
    let node = datapath.nodes[index]
    let reader = Wire(index)
    /// Sign-extended, so that nothing computed from it depends on the width of its word.
    func wide(_ wire: Wire, _ bits: Int = Self.wordBits) -> String {
      let name = operand(wire, readBy: reader)
      let own = datapath[pipeline.tap(of: wire, readBy: reader).wire].range
      let width = registersBits(pipeline.tap(of: wire, readBy: reader), own)
      return width >= bits ? name : "{{\(bits - width){\(name)[\(width - 1)]}}, \(name)}"
    }
    func number(_ value: Int64) -> String {
      value < 0 ? "-\(Self.wordBits)'sd\(value.magnitude)" : "\(Self.wordBits)'sd\(value)"
    }
    switch node.op {
    case .input, .delay, .lookup: preconditionFailure("%\(index) is no sum, limit or product")
    case .constant(let value): return number(value)
    case .add(let operands):
      return operands.map {
        "\($0.isNegated ? "-" : "+") ($signed(\(wide($0.wire))) <<< \($0.shift))"
      }.joined(separator: " ").replacingLeadingPlus
    case .linear(let terms, let bias):
      return
        ([number(bias)] + terms.map { "($signed(\(wide($0.wire))) * \(number($0.coefficient)))" })
        .joined(separator: " + ")
    case .multiply(let a, let b): return "$signed(\(wide(a))) * $signed(\(wide(b)))"
    case .relu(let wire):
      return "($signed(\(wide(wire))) > \(number(0))) ? $signed(\(wide(wire))) : \(number(0))"
    case .clamp(let wire, let lower, let upper):
      let x = "$signed(\(wide(wire)))"
      return limited(x, number(lower), number(upper))
    case .requantize(let wire, let rounding, let overflow):
      let shift = datapath[wire].format.fractionBits - node.format.fractionBits
      var moved = "$signed(\(wide(wire)))"
      if shift > 0 {
        let half = Int64(1) << Int64(shift - 1)
        let whole = "(\(moved) >>> \(shift))"
        let rest = "(\(moved) & \(number((Int64(1) << Int64(shift)) - 1)))"
        moved =
          switch rounding {
          case .floor: whole
          case .nearest: "(\(whole) + ((\(rest) >= \(number(half))) ? \(number(1)) : \(number(0))))"
          case .convergent:
            "(\(whole) + (((\(rest) > \(number(half))) || ((\(rest) == \(number(half))) && "
              + "((\(whole) & \(number(1))) == \(number(1))))) ? \(number(1)) : \(number(0))))"
          }
      } else if shift < 0 {
        moved = "(\(moved) <<< \(-shift))"
      }
      switch overflow {
      case .saturate:
        return limited(moved, number(node.format.minimumRaw), number(node.format.maximumRaw))
      case .wrap:
        let span = number((Int64(1) << Int64(node.format.wordLength)) - 1)
        let low = "(\(moved) & \(span))"
        if !node.format.isSigned { return low }
        return
          "((\(low) > \(number(node.format.maximumRaw))) ? (\(low) - \(span) - \(number(1))) : \(low))"
      }
    }
  }

  /// Wider than any sum whose range fits 63 bits.
  private static let wordBits = 66

  private func registersBits(_ tap: PipelinedDatapath.Tap, _ range: IntegerRange) -> Int {
    let isRegister = tap.registers > 0 || pipeline[tap.wire].registers > 0
    return (isRegister ? range.union(IntegerRange(0)) : range).signedBits
  }

  private func limited(_ x: String, _ lower: String, _ upper: String) -> String {
    "(\(x) > \(upper)) ? \(upper) : (\(x) < \(lower)) ? \(lower) : \(x)"
  }

  // MARK: - Tables

  private struct InnerRegister {
    let name: String
    let bits: Int
  }

  private func innerRegisters(_ index: Int) -> [InnerRegister] {
    guard case .lookup(let operand, let shift, let table) = datapath.nodes[index].op else {
      return []
    }
    let shape = LookupShape(datapath[operand].range, shift: shift, table: table)
    let name = names[Wire(index)]
    func inner(_ signal: DerivedSignal, _ bits: Int) -> InnerRegister {
      InnerRegister(name: signal.named(after: name), bits: bits)
    }
    var registers = [inner(.address, shape.addressBits)]
    if shape.isSigned { registers.append(inner(.sign, 1)) }
    if shape.bankCount > 1 {
      registers += (0..<shape.bankCount).map {
        InnerRegister(name: "\(name)_b\($0)", bits: shape.entryBits)
      }
      registers.append(inner(.select, shape.selectBits))
      if shape.isSigned { registers.append(inner(.bankSign, 1)) }
    }
    if shape.isSigned {
      registers += [inner(.entry, shape.entryBits), inner(.entrySign, 1)]
    }
    return registers
  }

  private mutating func appendLookup(_ index: Int, _ support: Set<String>) {
    guard case .lookup(let wire, let shift, let table) = datapath.nodes[index].op else { return }
    let reader = Wire(index)
    let name = names[reader]
    let shape = LookupShape(datapath[wire].range, shift: shift, table: table)
    let x = operand(wire, readBy: reader)
    let width = registersBits(
      pipeline.tap(of: wire, readBy: reader),
      datapath[pipeline.tap(of: wire, readBy: reader).wire].range)
    func add(_ register: String, _ bits: Int, _ value: String, _ support: Set<String>) {
      appendRegister(
        register, bits, index, loads: value, flag: nil, hasReset: true, support)
    }
    let sign = "\(x)[\(width - 1)]"
    declareWire(
      "m_\(index)", width + 1, "\(sign) ? -$signed({\(sign), \(x)}) - 1 : $signed({\(sign), \(x)})",
      support)
    declareWire(
      "i_\(index)", shape.addressBits + 1,
      "((m_\(index) >>> \(shift)) > \(shape.count - 1)) ? \(shape.count - 1) : (m_\(index) >>> \(shift))",
      support)
    let address = DerivedSignal.address.named(after: name)
    add(address, shape.addressBits, "i_\(index)[\(shape.addressBits - 1):0]", support)
    var flag = DerivedSignal.sign.named(after: name)
    if shape.isSigned { add(flag, 1, sign, support) }
    var read: String
    var readSupport: Set<String>
    if shape.bankCount > 1 {
      let low = LookupShape.bankAddressBits
      for bank in 0..<shape.bankCount {
        let entries = (0..<(1 << low)).map { table[min(bank << low + $0, shape.count - 1)] }
        let rom = declareTable(
          "t_\(index)_\(bank)", entries, shape.entryBits, "\(address)[\(low - 1):0]", low,
          [address])
        add("\(name)_b\(bank)", shape.entryBits, rom, [address])
      }
      let select = DerivedSignal.select.named(after: name)
      add(
        select, shape.selectBits, "\(address)[\(shape.addressBits - 1):\(low)]", [address])
      if shape.isSigned {
        let bankSign = DerivedSignal.bankSign.named(after: name)
        add(bankSign, 1, flag, [flag])
        flag = bankSign
      }
      let banks = (0..<shape.bankCount).map { "\(name)_b\($0)" }
      let last = shape.bankCount - 1
      read =
        (0..<last).map { "(\(select) == \($0)) ? $signed(\(banks[$0])) : " }.joined()
        + "$signed(\(banks[last]))"
      declareWire("r_\(index)", shape.entryBits, read, Set(banks + [select]))
      read = "r_\(index)"
      readSupport = Set(banks + [select])
    } else {
      read = declareTable(
        "t_\(index)", Array(table[..<shape.count]), shape.entryBits, address, shape.addressBits,
        [address])
      readSupport = [address]
    }
    var result = read
    if shape.isSigned {
      let entry = DerivedSignal.entry.named(after: name)
      let entrySign = DerivedSignal.entrySign.named(after: name)
      add(entry, shape.entryBits, read, readSupport)
      add(entrySign, 1, flag, [flag])
      result = "\(entrySign) ? -$signed(\(entry)) : $signed(\(entry))"
      readSupport = [entry, entrySign]
    }
    let bits = datapath.nodes[index].range.signedBits
    declareWire("c_\(index)", bits, result, readSupport)
    let flagNumber = pipeline[reader].isHeld ? pipeline[reader].wireStage - 1 : nil
    appendRegister(
      names[reader], bits, index, loads: "c_\(index)", flag: flagNumber, hasReset: true,
      readSupport)
  }

  /// A table as a function of its address; addresses beyond it never occur and read its last entry.
  private mutating func declareTable(
    _ name: String, _ entries: [Int64], _ bits: Int, _ address: String, _ addressBits: Int,
    _ support: Set<String>
  ) -> String {
    var text =
      "function signed [\(bits - 1):0] f\(name); input [\(addressBits - 1):0] a; case (a)\n"
    for (index, entry) in entries.enumerated() {
      text += "  \(addressBits)'d\(index): f\(name) = \(literal(entry));\n"
    }
    text += "  default: f\(name) = \(literal(entries.last!));\nendcase endfunction"
    declarations.append(text)
    declareWire(name, bits, "f\(name)(\(address))", support)
    return name
  }
}

extension String {
  fileprivate var replacingLeadingPlus: String { hasPrefix("+ ") ? String(dropFirst(2)) : self }
}
