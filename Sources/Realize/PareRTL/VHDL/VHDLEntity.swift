import PareDatapath
import PareNumerics
import PareText

/// Writes one pipelined graph as one VHDL entity with its architecture.
struct VHDLEntity {
  let name: String
  let header: String
  let pipeline: PipelinedDatapath
  let names: SignalNames
  private let nodes: VHDLNodes
  private let logic: [VHDLLogic]
  private let formulas: [String]

  private var datapath: Datapath { pipeline.datapath }
  private var wires: [Wire] { datapath.nodes.indices.map { Wire($0) } }

  init(_ pipeline: PipelinedDatapath, name: String, header: String) throws(RTLError) {
    self.name = name
    self.header = header
    self.pipeline = pipeline
    let names = try SignalNames(pipeline, rules: .vhdl)
    let nodes = VHDLNodes(pipeline, names)
    self.names = names
    self.nodes = nodes
    logic = pipeline.datapath.nodes.indices.map { index in
      pipeline.datapath.nodes[index].isDelayNode ? VHDLLogic() : nodes.logic(of: Wire(index))
    }
    formulas = pipeline.datapath.formulas { names[$0] }
  }

  /// Whether the architecture has instances of `pare_row3`.
  var usesRows: Bool { logic.contains { !$0.instance.isEmpty } }

  func text() -> String {
    var out = SourceWriter(commentPrefix: "--")
    preamble(&out)
    entity(&out)
    out.line()
    out.line("architecture rtl of \(name) is")
    out.indented { out in
      if usesRows { out.lines(VHDLNodes.rowComponent) }
      tables(&out)
      declarations(&out)
      attributes(&out)
    }
    out.line("begin")
    out.indented { out in
      assignments(&out)
      flags(&out)
      registers(&out)
      chains(&out)
      results(&out)
    }
    out.line("end architecture rtl;")
    return out.finish()
  }

  // MARK: - Head

  private func preamble(_ out: inout SourceWriter) {
    out.comment("\(name).vhd (VHDL-2008)")
    for line in header.split(separator: "\n") { out.comment(String(line)) }
    let statistics = datapath.statistics
    out.comment(
      "latency \(pipeline.latency), look-ahead \(datapath.lookAhead), \(statistics.adderCount) adders "
        + "(\(statistics.adderBits) bits), \(statistics.multiplyCount) multipliers, "
        + "\(pipeline.registerBits) register bits")
    out.line("--")
    out.comment(
      "A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid")
    out.comment(
      "high, in the clock after the one that accepts sample k + \(pipeline.flushCount). rst is synchronous."
    )
  }

  private func entity(_ out: inout SourceWriter) {
    func port(_ name: String, _ direction: String, _ format: WordFormat) -> VHDLPort {
      VHDLPort(name, direction, bits: format.wordLength, note: "\(format)")
    }
    let inputs = zip(datapath.inputs, datapath.inputFormats).map { port($0, "in", $1) }
    let outputs = zip(datapath.outputs, datapath.outputFormats).map { port($0.name, "out", $1) }
    VHDLPort.writeEntity(
      name,
      [.init("clk", "in"), .init("rst", "in"), .init("in_valid", "in")] + inputs
        + [.init("out_valid", "out")] + outputs, &out)
  }

  private func tables(_ out: inout SourceWriter) {
    if nodes.shared.tables.isEmpty { return }
    out.comment("keeps tables out of block memory")
    out.line("attribute rom_style : string;")
    for (table, tableName) in nodes.shared.tables {
      for (name, entries) in table.memories(named: tableName) {
        // Every address is there, so that no index leaves the array whatever the inputs are.
        let addressBits = max(1, Int.bitWidth - (entries.count - 1).leadingZeroBitCount)
        let size = 1 << addressBits
        out.line()
        out.line(
          "type \(name)_t is array (0 to \(size - 1)) of \(VHDLType.signed(table.entryBits).text);")
        out.line("constant \(name) : \(name)_t := (")
        out.indented { out in
          for (address, entry) in entries.enumerated() {
            let comma = address == size - 1 ? "" : ","
            out.line("\(address) => \(vhdlLiteral(entry, bits: table.entryBits))\(comma)")
          }
          if entries.count < size {
            out.line("others => \(vhdlLiteral(entries.last!, bits: table.entryBits))")
          }
        }
        out.line(");")
        out.line("attribute rom_style of \(name) : constant is \"distributed\";")
      }
    }
  }

  // MARK: - Declarations

  /// Nodes with a register, by the stage of their wire.
  private var registered: [(stage: Int, wires: [Wire])] {
    let wires = wires.filter { pipeline[$0].registers > 0 }
    let stages = Set(wires.map { pipeline[$0].wireStage }).sorted()
    return stages.map { stage in (stage, wires.filter { pipeline[$0].wireStage == stage }) }
  }

  /// Nodes that have a signal and no register.
  private var combinational: [Wire] {
    wires.filter { wire in
      switch datapath[wire].op {
      case .input: true
      case .delay, .constant: false
      case .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup:
        pipeline[wire].registers == 0
      }
    }
  }

  /// The register that holds a node's result.
  private func result(_ wire: Wire) -> String {
    if case .input = datapath[wire].op { return "\(names[wire])_d1" }
    return names[wire]
  }

  private func type(_ wire: Wire) -> VHDLType { .signed(nodes.bits(wire)) }

  private func note(_ wire: Wire) -> String {
    var text = "\(formulas[Int(wire.index)])  \(datapath[wire].range)"
    if pipeline[wire].isHeld { text += ", 0 before the first sample" }
    return text
  }

  private func declarations(_ out: inout SourceWriter) {
    let live = pipeline.liveFlagCount
    if live > 0 {
      out.line()
      out.comment("live(k): at least k samples were accepted since the reset")
      out.line("signal live : std_logic_vector(\(live) downto 1);")
    }
    for (stage, wires) in registered {
      out.line()
      out.comment("stage \(stage)")
      for wire in wires {
        for register in logic[Int(wire.index)].inner {
          out.line("signal \(register.name) : \(register.type.text);")
        }
        out.line("signal \(result(wire)) : \(type(wire).text);", comment: note(wire))
      }
    }
    let chained = wires.filter { pipeline[$0].chain > 0 }
    if !chained.isEmpty {
      out.line()
      out.comment("delay lines: a wire 1, 2, ... accepted samples later")
      for wire in chained {
        out.line("signal \(chain(of: wire).joined(separator: ", ")) : \(type(wire).text);")
      }
    }
    out.line()
    out.comment("between registers")
    for wire in wires {
      let index = Int(wire.index)
      for inside in logic[index].wires { out.line("signal \(inside.name) : \(inside.type.text);") }
      for driven in logic[index].driven { out.line("signal \(driven.name) : \(driven.type.text);") }
      if case .constant = datapath[wire].op, isNamed(constant: wire) {
        out.line(
          "constant \(names[wire]) : \(type(wire).text) := \(logic[index].value);",
          comment: note(wire))
      }
      if combinational.contains(wire) {
        out.line("signal \(wireName(wire)) : \(type(wire).text);", comment: note(wire))
      }
    }
  }

  private func isNamed(constant wire: Wire) -> Bool {
    nodes.shared.wiredConstants.contains(Int(wire.index)) || pipeline[wire].chain > 0
  }

  /// The signal of a node without a register.
  private func wireName(_ wire: Wire) -> String {
    if case .input = datapath[wire].op { return DerivedSignal.signed.named(after: names[wire]) }
    return names[wire]
  }

  /// The registers behind a wire.
  private func chain(of wire: Wire) -> [String] {
    let first = { if case .input = datapath[wire].op { pipeline[wire].registers } else { 0 } }()
    return (0..<pipeline[wire].chain).map { "\(names[wire])_d\(first + $0 + 1)" }
  }

  /// What synthesis is told of signals, in the words of AMD and of Lattice.
  private func attributes(_ out: inout SourceWriter) {
    func attribute(_ name: String, _ type: String, _ value: String, of signals: [String]) {
      if signals.isEmpty { return }
      out.line()
      out.line("attribute \(name) : \(type);")
      for signal in signals { out.line("attribute \(name) of \(signal) : signal is \(value);") }
    }
    // Without it synthesis melts sums that no register separates into each other, which costs more cells.
    let sums = combinational.filter(nodes.shared.isKept).map { names[$0] }
    attribute("keep", "string", "\"true\"", of: sums)
    attribute("syn_keep", "boolean", "true", of: sums)
    let products = wires.filter(isConstantProduct).map { names[$0] }
    attribute("use_dsp", "string", "\"yes\"", of: products)
    let shifted = wires.flatMap { wire in
      chain(of: wire).enumerated().filter { pipeline[wire].isShifted(inChain: $0.offset) }
        .map(\.element)
    }
    attribute("shreg_extract", "string", "\"yes\"", of: shifted)
  }

  /// Whether a product is one by a constant, which is there for a multiplier's sake.
  private func isConstantProduct(_ wire: Wire) -> Bool {
    guard case .multiply(let a, let b) = datapath[wire].op else { return false }
    return [a, b].contains { if case .constant = datapath[$0].op { true } else { false } }
  }

  // MARK: - Body

  private func assignments(_ out: inout SourceWriter) {
    let combinational = Set(combinational)
    for wire in wires {
      let logic = logic[Int(wire.index)]
      for inside in logic.wires { out.line("\(inside.name) <= \(inside.value);") }
      for line in logic.instance { out.line(line) }
      if combinational.contains(wire) { out.line("\(wireName(wire)) <= \(logic.value);") }
    }
  }

  private func flags(_ out: inout SourceWriter) {
    let count = pipeline.liveFlagCount
    if count == 0 { return }
    process(
      nil, reset: "rst = '1'",
      [("live", count == 1 ? "\"1\"" : "live(\(count - 1) downto 1) & '1'", "(others => '0')")],
      &out)
  }

  private func registers(_ out: inout SourceWriter) {
    for (stage, wires) in registered {
      let held = wires.filter { pipeline[$0].isHeld }
      let free = wires.flatMap { wire -> [Move] in
        let logic = logic[Int(wire.index)]
        let inner = logic.inner.map { Move($0.name, $0.value, $0.type.zero) }
        let isApart = held.contains(wire) || logic.clear != nil
        return inner + (isApart ? [] : [load(wire)])
      }
      process("stage \(stage)", reset: "rst = '1'", free, &out)
      // Until its first sample a held register is 0 anyway, so that the reset may ignore in_valid.
      process(
        "stage \(stage), 0 until the first sample is there",
        reset: "rst = '1' or live(\(stage - 1)) = '0'",
        held.filter { logic[Int($0.index)].clear == nil }.map(load), &out)
      for wire in wires {
        guard let clear = logic[Int(wire.index)].clear else { continue }
        let flag = held.contains(wire) ? " or live(\(stage - 1)) = '0'" : ""
        process(
          "stage \(stage), a negative word becomes 0",
          reset: "rst = '1'\(flag) or (in_valid = '1' and \(clear) = '1')", [load(wire)], &out)
      }
    }
  }

  private typealias Move = (target: String, value: String, zero: String)

  private func load(_ wire: Wire) -> Move {
    // The port's own signal is read by the register too.
    let isInput = if case .input = datapath[wire].op { true } else { false }
    return (
      result(wire), isInput ? wireName(wire) : logic[Int(wire.index)].value, type(wire).zero
    )
  }

  private func chains(_ out: inout SourceWriter) {
    var free: [Move] = []
    var shifted: [Move] = []
    var held: [(flag: Int, move: Move)] = []
    for wire in wires {
      let placement = pipeline[wire]
      let chain = chain(of: wire)
      let source = nodes.signal(.init(wire: wire, registers: 0)).name
      for (register, (target, value)) in zip(chain, [source] + chain).enumerated() {
        let move = Move(target, value, type(wire).zero)
        if placement.isShifted(inChain: register) {
          shifted.append(move)
        } else if placement.heldChain.contains(register) {
          held.append((placement.firstLive(inChain: register), move))
        } else {
          free.append(move)
        }
      }
    }
    process("delay lines", reset: "rst = '1'", free, &out)
    process("delay lines in shift registers, which have no reset", reset: nil, shifted, &out)
    for flag in Set(held.map(\.flag)).sorted() {
      process(
        "behind shift registers, 0 until the first sample is there",
        reset: flag > 0 ? "rst = '1' or live(\(flag)) = '0'" : "rst = '1'",
        held.filter { $0.flag == flag }.map(\.move), &out)
    }
  }

  /// A process of registers.
  ///
  /// - Parameter reset: the condition that clears them; nil when nothing does.
  private func process(
    _ title: String?, reset: String?, _ moves: [Move], _ out: inout SourceWriter
  ) {
    if moves.isEmpty { return }
    let width = moves.map(\.target.count).max() ?? 0
    out.line()
    if let title { out.comment(title) }
    out.line("process (clk) is")
    out.line("begin")
    out.indented { out in
      out.line("if rising_edge(clk) then")
      out.indented { out in
        if let reset {
          out.line("if \(reset) then")
          out.indented { out in for move in moves { out.line("\(move.target) <= \(move.zero);") } }
        }
        out.line("\(reset == nil ? "if" : "elsif") in_valid = '1' then")
        out.indented { out in
          for move in moves {
            let padding = String(repeating: " ", count: width - move.target.count)
            out.line("\(move.target)\(padding) <= \(move.value);")
          }
        }
        out.line("end if;")
      }
      out.line("end if;")
    }
    out.line("end process;")
  }

  private func results(_ out: inout SourceWriter) {
    let flush = pipeline.flushCount
    out.line()
    out.lines(
      """
      process (clk) is
      begin
        if rising_edge(clk) then
          out_valid <= in_valid\(flush > 0 ? " and live(\(flush))" : "") and not rst;
        end if;
      end process;
      """)
    for output in datapath.outputs {
      let word = nodes.signal(pipeline.tap(of: output))
      let bits = datapath[output.wire].format.wordLength
      out.line("\(output.name) <= std_logic_vector(\(word.fitted(to: bits)));")
    }
  }
}

/// A port of an entity.
struct VHDLPort {
  let name: String
  let direction: String
  /// Nil for a single line.
  let bits: Int?
  let note: String

  init(_ name: String, _ direction: String, bits: Int? = nil, note: String = "") {
    self.name = name
    self.direction = direction
    self.bits = bits
    self.note = note
  }

  /// Writes the libraries and the declaration of an entity.
  static func writeEntity(_ name: String, _ ports: [VHDLPort], _ out: inout SourceWriter) {
    out.lines(
      """
      library ieee;
      use ieee.std_logic_1164.all;
      use ieee.numeric_std.all;

      entity \(name) is
        port (
      """)
    let width = ports.map(\.name.count).max() ?? 0
    out.indented { out in
      out.indented { out in
        for (index, port) in ports.enumerated() {
          let padding = String(repeating: " ", count: width - port.name.count)
          let direction = port.direction == "in" ? "in " : port.direction
          let type = port.bits.map { "std_logic_vector(\($0 - 1) downto 0)" } ?? "std_logic"
          let end = index == ports.count - 1 ? "" : ";"
          out.line(
            "\(port.name)\(padding) : \(direction) \(type)\(end)",
            comment: port.note.isEmpty ? nil : port.note)
        }
      }
    }
    out.line("  );")
    out.line("end entity \(name);")
  }
}
