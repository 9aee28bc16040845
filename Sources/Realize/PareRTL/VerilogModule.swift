import PareDatapath
import PareNumerics
import PareText

/// Writes one pipelined graph as one Verilog module.
struct VerilogModule {
  let name: String
  let header: String
  let pipeline: PipelinedDatapath
  let names: SignalNames
  let nodes: VerilogNodes
  private let logic: [VerilogLogic]
  private let formulas: [String]

  private var datapath: Datapath { pipeline.datapath }

  init(_ pipeline: PipelinedDatapath, name: String, header: String) throws(RTLError) {
    self.name = name
    self.header = header
    self.pipeline = pipeline
    let names = try SignalNames(pipeline)
    let nodes = VerilogNodes(pipeline, names)
    self.names = names
    self.nodes = nodes
    logic = pipeline.datapath.nodes.indices.map { index in
      pipeline.datapath.nodes[index].isDelayNode
        ? VerilogLogic() : nodes.logic(of: Wire(index))
    }
    formulas = pipeline.datapath.formulas { names[$0] }
  }

  /// Whether the module has instances of `pare_row3`.
  var usesRows: Bool {
    datapath.nodes.contains { node in
      if case .add(let operands) = node.op { nodes.fitsRow(operands) } else { false }
    }
  }

  func text() -> String {
    var out = SourceWriter()
    preamble(&out)
    ports(&out)
    out.indented { out in
      tables(&out)
      flags(&out)
      declarations(&out)
      wires(&out)
      registers(&out)
      chains(&out)
      results(&out)
    }
    out.line("endmodule")
    return out.finish()
  }

  // MARK: - Head

  private func preamble(_ out: inout SourceWriter) {
    out.comment("\(name).v")
    for line in header.split(separator: "\n") { out.comment(String(line)) }
    let statistics = datapath.statistics
    out.comment(
      "latency \(pipeline.latency), look-ahead \(datapath.lookAhead), \(statistics.adderCount) adders "
        + "(\(statistics.adderBits) bits), \(statistics.multiplyCount) multipliers, "
        + "\(pipeline.registerBits) register bits")
    out.line("//")
    out.comment(
      "A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid")
    out.comment(
      "high, in the clock after the one that accepts sample k + \(pipeline.flushCount). rst is synchronous."
    )
  }

  private func ports(_ out: inout SourceWriter) {
    let flags = ["clk", "rst", "in_valid"].map { ("input  wire", 1, false, $0, "") }
    let inputs = datapath.nodes.compactMap { node -> (Int, WordFormat)? in
      guard case .input(let channel) = node.op else { return nil }
      return (channel, node.format)
    }.sorted { $0.0 < $1.0 }.map {
      ("input  wire", $1.wordLength, $1.isSigned, datapath.inputs[$0], "\($1)")
    }
    let outputs = datapath.outputs.map { output in
      let format = datapath[output.wire].format
      return ("output wire", format.wordLength, format.isSigned, output.name, "\(format)")
    }
    let all = flags + inputs + [("output reg ", 1, false, "out_valid", "")] + outputs
    let types = all.map { kind, bits, isSigned, port, _ in
      "\(kind)\(isSigned ? " signed" : "")\(bits > 1 || !["clk", "rst", "in_valid", "out_valid"].contains(port) ? " [\(bits - 1):0]" : "")"
    }
    let width = types.map(\.count).max() ?? 0
    out.line("module \(name) (")
    out.indented { out in
      for (index, port) in all.enumerated() {
        let type = types[index] + String(repeating: " ", count: width - types[index].count)
        let comma = index == all.count - 1 ? "" : ","
        out.line("\(type) \(port.3)\(comma)", comment: port.4.isEmpty ? nil : port.4)
      }
    }
    out.line(");")
  }

  private func tables(_ out: inout SourceWriter) {
    let memories = nodes.tables.flatMap { table, name in
      table.memories(named: name).map { ($0.name, $0.entries, table.entryBits) }
    }
    for (name, entries, entryBits) in memories {
      out.line()
      // Keeps the table out of block memory: Yosys obeys ram_style here, Vivado rom_style.
      out.line("(* ram_style = \"registers\", rom_style = \"distributed\" *)")
      out.line("reg signed [\(entryBits - 1):0] \(name) [0:\(entries.count - 1)];")
      out.line("initial begin")
      out.indented { out in
        for (address, entry) in entries.enumerated() {
          out.line("\(name)[\(address)] = \(literal(entry));")
        }
      }
      out.line("end")
    }
  }

  private func flags(_ out: inout SourceWriter) {
    let count = pipeline.liveFlagCount
    guard count > 0 else { return }
    out.line()
    out.comment("live[k]: at least k samples were accepted since the reset")
    out.line("reg [\(count):1] live;")
    out.line("always @(posedge clk)")
    out.line("  if (rst) live <= 0;")
    out.line(
      "  else if (in_valid) live <= \(count == 1 ? "1'b1" : "{live[\(count - 1):1], 1'b1}");")
  }

  // MARK: - Body

  /// Nodes with a register, by the stage of their wire.
  private var registered: [(stage: Int, wires: [Wire])] {
    let wires = datapath.nodes.indices.map { Wire($0) }.filter { pipeline[$0].registers > 0 }
    let stages = Set(wires.map { pipeline[$0].wireStage }).sorted()
    return stages.map { stage in (stage, wires.filter { pipeline[$0].wireStage == stage }) }
  }

  /// The register that holds a node's result.
  private func result(_ wire: Wire) -> String {
    if case .input = datapath[wire].op { return "\(names[wire])_d1" }
    return names[wire]
  }

  private func type(_ wire: Wire) -> String { "signed [\(datapath[wire].range.signedBits - 1):0]" }

  /// Whether a product is one by a constant, which is there for a multiplier's sake.
  private func isConstantProduct(_ wire: Wire) -> Bool {
    guard case .multiply(let a, let b) = datapath[wire].op else { return false }
    return [a, b].contains { if case .constant = datapath[$0].op { true } else { false } }
  }

  private func note(_ wire: Wire) -> String {
    var text = "\(formulas[Int(wire.index)])  \(datapath[wire].range)"
    if pipeline[wire].isHeld { text += ", 0 before the first sample" }
    return text
  }

  private func declarations(_ out: inout SourceWriter) {
    for (stage, wires) in registered {
      out.line()
      out.comment("stage \(stage)")
      for wire in wires {
        for register in logic[Int(wire.index)].inner {
          out.line("reg \(register.type.isEmpty ? "" : register.type + " ")\(register.name);")
        }
        if isConstantProduct(wire) { out.line("(* use_dsp = \"yes\" *)") }
        out.line("reg \(type(wire)) \(result(wire));", comment: note(wire))
      }
    }
    let chained = datapath.nodes.indices.map { Wire($0) }.filter { pipeline[$0].chain > 0 }
    if chained.isEmpty { return }
    out.line()
    out.comment("delay lines: a wire 1, 2, ... accepted samples later")
    for wire in chained {
      let registers = chain(of: wire).enumerated()
      let inTables = registers.filter { pipeline[wire].isShifted(inChain: $0.offset) }
      let others = registers.filter { !pipeline[wire].isShifted(inChain: $0.offset) }
      if !others.isEmpty {
        out.line("reg \(type(wire)) \(others.map(\.element).joined(separator: ", "));")
      }
      if !inTables.isEmpty {
        out.line("(* shreg_extract = \"yes\" *)")
        out.line("reg \(type(wire)) \(inTables.map(\.element).joined(separator: ", "));")
      }
    }
  }

  /// The registers behind a wire.
  private func chain(of wire: Wire) -> [String] {
    let first = { if case .input = datapath[wire].op { pipeline[wire].registers } else { 0 } }()
    return (0..<pipeline[wire].chain).map { "\(names[wire])_d\(first + $0 + 1)" }
  }

  /// Combinational signals, each before the first that reads it.
  private func wires(_ out: inout SourceWriter) {
    out.line()
    for (index, node) in datapath.nodes.enumerated() {
      let wire = Wire(index)
      for line in logic[index].wires { out.line(line) }
      switch node.op {
      case .delay: continue
      case .input:
        // A signed port is the signal itself.
        if pipeline[wire].registers > 0 || node.format.isSigned { continue }
        let signal = DerivedSignal.signed.named(after: names[wire])
        out.line("wire \(type(wire)) \(signal) = \(logic[index].value);")
        continue
      case .constant:
        if !nodes.wiredConstants.contains(index), pipeline[wire].chain == 0 { continue }
      case .linear, .add, .multiply, .relu, .clamp, .requantize, .lookup: break
      }
      if pipeline[wire].registers > 0 { continue }
      // Kept, so that synthesis does not melt sums into each other, which costs it more cells than rows of carries.
      let keep = nodes.isKept(wire) ? "(* keep *) " : ""
      out.line(
        "\(keep)wire \(type(wire)) \(names[wire]) = \(logic[index].value);", comment: note(wire))
    }
  }

  private func registers(_ out: inout SourceWriter) {
    for (stage, wires) in registered {
      let held = wires.filter { pipeline[$0].isHeld }
      let free: [(String, String)] = wires.flatMap { wire in
        let logic = logic[Int(wire.index)]
        let inner = logic.inner.map { ($0.name, $0.value) }
        let isApart = held.contains(wire) || logic.clear != nil
        return inner + (isApart ? [] : [(result(wire), logic.value)])
      }
      always("stage \(stage)", resetBy: "rst", free, &out)
      // Until its first sample a held register is 0 anyway, so that the reset may ignore in_valid.
      always(
        "stage \(stage), 0 until the first sample is there", resetBy: "rst || !live[\(stage - 1)]",
        held.filter { logic[Int($0.index)].clear == nil }
          .map { (result($0), logic[Int($0.index)].value) }, &out)
      for wire in wires {
        let logic = logic[Int(wire.index)]
        guard let clear = logic.clear else { continue }
        let flag = held.contains(wire) ? " || !live[\(stage - 1)]" : ""
        always(
          "stage \(stage), a negative word becomes 0",
          resetBy: "rst\(flag) || (in_valid && \(clear))",
          [(result(wire), logic.value)], &out)
      }
    }
  }

  private func chains(_ out: inout SourceWriter) {
    var plain: [(String, String)] = []
    var shifted: [(String, String)] = []
    var held: [Int: [(String, String)]] = [:]
    for index in datapath.nodes.indices {
      let wire = Wire(index)
      let placement = pipeline[wire]
      let chain = chain(of: wire)
      let source = nodes.signal(.init(wire: wire, registers: 0))
      for (register, move) in zip(chain, [source] + chain).enumerated() {
        if placement.isShifted(inChain: register) {
          shifted.append(move)
        } else if placement.heldChain.contains(register) {
          held[placement.firstLive(inChain: register), default: []].append(move)
        } else {
          plain.append(move)
        }
      }
    }
    always("delay lines", resetBy: "rst", plain, &out)
    always("delay lines in tables, which no reset reaches", resetBy: nil, shifted, &out)
    for (flag, moves) in held.sorted(by: { $0.key < $1.key }) {
      always(
        "their last registers, 0 until the first sample is there", resetBy: "rst || !live[\(flag)]",
        moves, &out)
    }
  }

  private func always(
    _ title: String, resetBy reset: String?, _ moves: [(target: String, value: String)],
    _ out: inout SourceWriter
  ) {
    if moves.isEmpty { return }
    out.line()
    out.comment(title)
    out.line("always @(posedge clk)")
    out.indented { out in
      if let reset {
        out.line("if (\(reset)) begin")
        out.indented { out in for move in moves { out.line("\(move.target) <= 0;") } }
      }
      out.line("\(reset == nil ? "" : "end else ")if (in_valid) begin")
      let width = moves.map(\.target.count).max() ?? 0
      out.indented { out in
        for move in moves {
          let padding = String(repeating: " ", count: width - move.target.count)
          out.line("\(move.target)\(padding) <= \(move.value);")
        }
      }
      out.line("end")
    }
  }

  private func results(_ out: inout SourceWriter) {
    out.line()
    let flush = pipeline.flushCount
    out.line("always @(posedge clk)")
    out.line("  if (rst) out_valid <= 0;")
    out.line("  else out_valid <= in_valid\(flush > 0 ? " && live[\(flush)]" : "");")
    for output in datapath.outputs {
      out.line("assign \(output.name) = \(nodes.signal(pipeline.tap(of: output)));")
    }
    let read = Set(
      datapath.nodes.flatMap { $0.isDelayNode ? [] : $0.op.operands }
        .map { source(of: $0) } + datapath.outputs.map { source(of: $0.wire) })
    let unread = datapath.nodes.indices.filter { index in
      if case .input = datapath.nodes[index].op { return !read.contains(Wire(index)) }
      return false
    }
    let unused =
      unread.map { nodes.signal(.init(wire: Wire($0), registers: 0)) }
      + logic.flatMap(\.unused)
    if unused.isEmpty { return }
    out.comment("inputs that no result depends on, and signs that are always 0")
    out.line("wire unused = &{1'b0, \(unused.joined(separator: ", "))};")
  }

  private func source(of wire: Wire) -> Wire {
    if case .delay(let source, _) = datapath[wire].op { return self.source(of: source) }
    return wire
  }
}
