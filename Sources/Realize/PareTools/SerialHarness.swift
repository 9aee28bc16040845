import PareText

/// A module around a design that has more ports than a package has pins: a shift register in, a shift register out.
///
/// Each input bit of the design is driven by its own register; each output bit is folded into a chain of registers by
/// an exclusive-or, so nothing of the design can be removed. Paths from and to the ports become paths between
/// registers and count for fmax.
struct SerialHarness: Sendable, Hashable {
  static let module = "pare_harness"

  /// Verilog of the harness, with one instance `dut` of the design.
  let text: String
  /// The design as a module without contents, for synthesizing the harness alone.
  let stub: String
  let inputBits: Int
  let outputBits: Int

  /// - Parameter clock: the port that is connected to a pin.
  /// - Throws: ``ToolError`` with code `designRejected` when the design has no such port, or ports both ways.
  init(around netlist: Netlist, clock: String) throws {
    guard let port = netlist.ports[clock], port.direction == "input", port.bits.count == 1 else {
      throw ToolError(
        .designRejected(reason: "module \(netlist.name) has no one-bit input \(clock)"),
        hint: "name the clock port of the design")
    }
    let ports = netlist.ports.sorted { $0.key < $1.key }
    if let both = ports.first(where: { !["input", "output"].contains($0.value.direction) }) {
      throw ToolError(
        .designRejected(
          reason: "port \(both.key) of module \(netlist.name) is \(both.value.direction), "
            + "neither input nor output"))
    }
    var connections = ["    .\(clock)(clk)"]
    var inputBits = 0
    var outputBits = 0
    for (name, port) in ports where name != clock {
      let width = port.bits.count
      if port.direction == "input" {
        connections.append("    .\(name)(shift[\(inputBits + width - 1):\(inputBits)])")
        inputBits += width
      } else {
        connections.append("    .\(name)(result[\(outputBits + width - 1):\(outputBits)])")
        outputBits += width
      }
    }
    guard inputBits > 0, outputBits > 0 else {
      throw ToolError(
        .designRejected(reason: "module \(netlist.name) has no inputs or no outputs"))
    }
    self.inputBits = inputBits
    self.outputBits = outputBits

    var out = SourceWriter()
    out.line("module \(Self.module)(input clk, input serial_in, output serial_out);")
    out.indented { out in
      out.line("reg [\(inputBits):0] shift;", comment: "bit 0 to the design's first input")
      out.line("reg [\(outputBits):0] fold;")
      out.line("wire [\(outputBits - 1):0] result;")
      out.line("always @(posedge clk) begin")
      out.line("  shift <= {serial_in, shift[\(inputBits):1]};")
      out.line("  fold <= {1'b0, result} ^ {shift[0], fold[\(outputBits):1]};")
      out.line("end")
      out.line("assign serial_out = fold[0];")
      out.line("\(netlist.name) dut(")
      out.lines(connections.joined(separator: ",\n"))
      out.line(");")
    }
    out.line("endmodule")
    text = out.finish()

    var empty = SourceWriter()
    let list = ports.map { "\($0.value.direction) [\($0.value.bits.count - 1):0] \($0.key)" }
    empty.line("(* blackbox *)")
    empty.line("module \(netlist.name)(\(list.joined(separator: ", ")));")
    empty.line("endmodule")
    stub = empty.finish()
  }
}
