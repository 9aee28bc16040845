import BenchmarkLayers
import PareText

/// A peer's module in direct form: delay lines of ours around it, and the ports of a design of ours.
///
/// Inputs pass a register, the window is that register and those behind it, and results pass a register: just as in a design
/// of ours without pipeline registers. A pipelined module has registers of its own at both ends.
struct PeerWrapper {
  let layer: BenchmarkMatrix
  let solution: PeerSolution
  /// Word lengths of the outputs.
  let outputBits: [Int]

  static let name = "layer"

  func combinational() -> SourceBundle {
    bundle(solution.verilog) { out in
      out.line("  input clk, input rst, input in_valid, output reg out_valid,")
    } body: { out in
      out.line("reg live;")
      out.line("always @(posedge clk) begin")
      out.line("  out_valid <= !rst && in_valid && live;")
      out.line("  live <= !rst && (live || in_valid);")
      out.line("end")
      for input in 0..<layer.inputCount {
        let last = layer.tapCount - 1
        let names = (0...last).map { "x\(input)_\($0)" }
        out.line("reg [\(layer.inputBits - 1):0] \(names.joined(separator: ", "));")
        out.line("always @(posedge clk) begin")
        out.line("  if (rst) begin")
        for name in names { out.line("    \(name) <= 0;") }
        out.line("  end else if (in_valid) begin")
        for (name, source) in zip(names, ["x\(input)"] + names) {
          out.line("    \(name) <= \(source);")
        }
        out.line("  end")
        out.line("end")
      }
      logic(clocked: false, newest: { "x\($0)_0" }, &out)
    }
  }

  /// A stream without gaps; no reset, no valid flags, which alkaid's pipelines do not have either.
  func pipelined(_ pipeline: PeerSolution.Pipeline) -> SourceBundle {
    bundle(pipeline.verilog) { out in
      out.line("  input clk,")
    } body: { out in
      for input in 0..<layer.inputCount where layer.tapCount > 1 {
        let names = (1..<layer.tapCount).map { "x\(input)_\($0)" }
        out.line("reg [\(layer.inputBits - 1):0] \(names.joined(separator: ", "));")
        out.line("always @(posedge clk) begin")
        for (name, source) in zip(names, ["x\(input)"] + names) {
          out.line("  \(name) <= \(source);")
        }
        out.line("end")
      }
      logic(clocked: true, newest: { "x\($0)" }, &out)
    }
  }

  /// The pipelined module with a reset and flags, for the testbench; its stream must have no gaps.
  func frame(flush: Int) -> SourceFile {
    var out = SourceWriter()
    out.line("module framed(input clk, input rst, input in_valid, output reg out_valid,")
    ports(&out)
    out.line(");")
    out.line("reg [31:0] count;")
    out.line("always @(posedge clk) begin")
    out.line("  count <= rst ? 0 : count + 1;")
    out.line("  out_valid <= !rst && in_valid && count >= \(flush);")
    out.line("end")
    let inputs = (0..<layer.inputCount).map { ".x\($0)(rst ? \(layer.inputBits)'d0 : x\($0))" }
    let outputs = outputBits.indices.map { ".y\($0)(y\($0))" }
    out.line("\(Self.name) dut(.clk(clk), \((inputs + outputs).joined(separator: ", ")));")
    out.line("endmodule")
    return SourceFile(path: "framed.v", text: out.finish())
  }

  private func bundle(
    _ verilog: [String: String], control: (inout SourceWriter) -> Void,
    body: (inout SourceWriter) -> Void
  ) -> SourceBundle {
    var out = SourceWriter()
    // The peers' own style, and entries of the window that nobody reads.
    out.line("/* verilator lint_off UNUSEDSIGNAL */")
    out.line("module \(Self.name)(")
    control(&out)
    ports(&out)
    out.line(");")
    body(&out)
    out.line("endmodule")
    let quiet = ["UNUSEDSIGNAL", "UNUSEDPARAM", "DECLFILENAME", "UNDRIVEN", "SELRANGE"]
      .map { "/* verilator lint_off \($0) */\n" }.joined()
    let files = verilog.sorted { $0.key < $1.key }.map { path, text in
      // A design of which some modules have a time scale must have one in all.
      let lines = text.split(separator: "\n").filter { !$0.hasPrefix("`timescale") }
      return SourceFile(path: path, text: quiet + lines.joined(separator: "\n") + "\n")
    }
    return SourceBundle(
      top: Self.name,
      design: [SourceFile(path: "\(Self.name).v", text: out.finish())] + files)
  }

  private func ports(_ out: inout SourceWriter) {
    let inputs = (0..<layer.inputCount).map { "input signed [\(layer.inputBits - 1):0] x\($0)" }
    let outputs = outputBits.enumerated().map {
      "output signed [\($0.element - 1):0] y\($0.offset)"
    }
    out.line("  " + (inputs + outputs).joined(separator: ", "))
  }

  private func logic(
    clocked: Bool, newest: (Int) -> String, _ out: inout SourceWriter
  ) {
    var entries: [String] = []
    for (index, width) in solution.inputWidths.enumerated() where width > 0 {
      precondition(width == layer.inputBits, "entry \(index) of the window has \(width) bits")
      let (input, tap) = index.quotientAndRemainder(dividingBy: layer.tapCount)
      entries.append(tap == 0 ? newest(input) : "x\(input)_\(tap)")
    }
    let total = solution.outputWidths.reduce(0, +)
    out.line("wire [\(total - 1):0] \(clocked ? "results" : "sums");")
    out.line("peer_logic peer(\(clocked ? ".clk(clk), " : "")")
    out.line("  .model_inp({\(entries.reversed().joined(separator: ", "))}),")
    out.line("  .model_out(\(clocked ? "results" : "sums")));")
    if !clocked {
      out.line("reg [\(total - 1):0] results;")
      out.line("always @(posedge clk) if (rst) results <= 0; else if (in_valid) results <= sums;")
    }
    var low = 0
    for (output, width) in solution.outputWidths.enumerated() {
      let bits = outputBits[output]
      defer { low += width }
      if width == 0 {
        out.line("assign y\(output) = 0;")
        continue
      }
      let shift = solution.outputShifts[output]
      let zeros = shift > 0 ? ", \(shift)'d0" : ""
      let places = bits - shift
      if width >= places {
        // Places above the exact range repeat the sign.
        out.line("assign y\(output) = {results[\(low + places - 1):\(low)]\(zeros)};")
      } else {
        let high = low + width - 1
        let sign = solution.outputSigns[output] ? "results[\(high)]" : "1'b0"
        out.line(
          "assign y\(output) = {{\(places - width){\(sign)}}, results[\(high):\(low)]\(zeros)};")
      }
    }
  }
}
