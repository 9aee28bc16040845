import Foundation
import PareNumerics
import PareText
import PareTools
import Testing

@testable import PareQoR

/// The simulator against Icarus Verilog with the models of cells that come with Yosys.
@Suite(.serialized) struct YosysModelTests {
  /// What Yosys read the cells from stands in its log.
  private func models(_ log: String) throws -> SourceFile {
    let text = try String(contentsOfFile: log, encoding: .utf8)
    let path = try #require(
      text.split(whereSeparator: { $0 == "`" || $0 == "'" || $0.isWhitespace })
        .first { $0.hasSuffix("/xilinx/cells_sim.v") })
    return SourceFile(
      path: "cells_sim.v", text: try String(contentsOfFile: String(path), encoding: .utf8))
  }

  /// Random words at all inputs for a number of clocks; the words at the outputs before each edge.
  private func compare(
    _ netlist: Netlist, verilog: String, models: SourceFile, clocks: Int, in folder: Folder
  ) async throws {
    var simulator = NetlistSimulator(try GateNetlist(netlist))
    let inputs = netlist.ports.filter { $0.value.direction == "input" && $0.key != "clk" }
      .sorted { $0.key < $1.key }
    let outputs = netlist.ports.filter { $0.value.direction == "output" }
      .sorted { $0.key < $1.key }
    var random = RandomStream(seed: 77)
    var steps: [String] = []
    for clock in 0..<clocks {
      for (name, port) in inputs {
        // Resets and the like are rare but for the first clock.
        let isControl = name == "rst"
        let word = isControl ? (clock == 0 || random.next() & 15 == 0 ? 1 : 0) : random.next()
        let bits = word & (port.bits.count == 64 ? ~0 : 1 << UInt64(port.bits.count) - 1)
        simulator.set(name, to: Int64(bitPattern: bits))
        steps.append("    \(name) = \(port.bits.count)'h\(String(bits, radix: 16));")
      }
      simulator.settle()
      steps.append("    #5;")
      for (name, port) in outputs where clock > 0 {
        let word = simulator.value(name, lane: clock % NetlistSimulator.laneCount)
        steps.append(
          "    if (\(name) !== \(port.bits.count)'h\(String(word, radix: 16))) begin bad = bad + 1; "
            + "if (bad == 1) $display(\"MISMATCH segment 0 sample \(clock) port \(name) expected \(word) got %0d\", \(name)); end"
        )
      }
      simulator.edge()
      steps.append("    clk = 1; #5 clk = 0;")
    }
    let ports = (inputs + outputs).map { name, port in
      "  \(port.direction == "input" ? "reg" : "wire") [\(port.bits.count - 1):0] \(name);"
    }
    let connections = (inputs + outputs).map { ".\($0.key)(\($0.key))" }.joined(separator: ", ")
    let bench = """
      module tb;
        reg clk = 0;
        integer bad = 0;
      \(ports.joined(separator: "\n"))
        \(netlist.name) dut(.clk(clk), \(connections));
        initial begin
      \(steps.joined(separator: "\n"))
          if (bad == 0) $display("PASS samples \(clocks)");
          else $display("FAIL mismatches %0d", bad);
          $finish;
        end
      endmodule

      """
    let bundle = SourceBundle(
      top: netlist.name, design: [SourceFile(path: "netlist.v", text: verilog), models],
      testbench: [SourceFile(path: "tb.v", text: bench)])
    let result = try await IcarusSimulator().simulate(
      bundle, testbench: "tb", in: folder.folder("sim"), onProgress: nil)
    #expect(result.passed, "\(result.report)")
    #expect(result.report.samples == clocks)
  }

  /// A small stream with sums, a product, a shift register and limits.
  private var design: SourceBundle {
    SourceBundle(
      top: "stream",
      design: [
        SourceFile(
          path: "stream.v",
          text: """
            module stream(
              input clk, input rst, input in_valid, input signed [8:0] x, output reg signed [11:0] y,
              output reg out_valid
            );
              reg signed [8:0] d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0;
              reg signed [11:0] sum;
              reg signed [17:0] square;
              always @(posedge clk) if (in_valid) begin
                d0 <= x; d1 <= d0; d2 <= d1; d3 <= d2; d4 <= d3; d5 <= d4; d6 <= d5;
              end
              always @(posedge clk)
                if (rst) begin sum <= 0; square <= 0; y <= 0; out_valid <= 0; end
                else begin
                  out_valid <= in_valid;
                  if (in_valid) begin
                    sum <= (d0 <<< 2) - d6;
                    square <= x * x;
                    y <= sum > 900 ? 900 : sum < -700 ? -700 : sum + square[17:9];
                  end
                end
            endmodule

            """)
      ])
  }

  @Test func `a synthesized netlist runs as Icarus runs it`() async throws {
    let folder = Folder(scratchPath())
    defer { try? folder.remove() }
    let result = try await YosysSynthesizer().synthesize(
      design, for: SynthesisTarget(.xcup), in: folder.folder("synth"))
    let netlist = try Netlist(module: "stream", contentsOf: result.netlist)
    try await compare(
      netlist, verilog: verilog(of: netlist), models: models(result.log), clocks: 300, in: folder)
  }

  @Test(arguments: 0..<3) func `cells of all types run as Icarus runs them`(seed: Int) async throws
  {
    let folder = Folder(scratchPath())
    defer { try? folder.remove() }
    let result = try await YosysSynthesizer().synthesize(
      design, for: SynthesisTarget(.xcup), in: folder.folder("synth"))
    var random = RandomStream(seed: UInt64(seed))
    var circuit = Circuit()
    let x = circuit.input("x", 60)
    let rst = circuit.input("rst")
    var nets: [Netlist.Bit] = x
    func any(_ random: inout RandomStream) -> Netlist.Bit { nets[random.index(below: nets.count)] }
    func many(_ count: Int, _ random: inout RandomStream) -> [Netlist.Bit] {
      (0..<count).map { _ in any(&random) }
    }
    for index in 0..<40 {
      let q = circuit.word(1)
      switch index % 10 {
      case 0, 1, 2:
        var pins = ["O": q]
        let inputs = 1 + random.index(below: 6)
        for input in 0..<inputs { pins["I\(input)"] = [any(&random)] }
        circuit.cell("LUT\(inputs)", pins, ["INIT": word(random.next(), 1 << inputs)])
      case 3:
        let other = circuit.word(1)
        var pins = ["O5": q, "O6": other]
        for input in 0..<6 { pins["I\(input)"] = [any(&random)] }
        circuit.cell("LUT6_2", pins, ["INIT": word(random.next(), 64)])
        nets += other
      case 4:
        let type = ["FDRE", "FDSE", "FDCE", "FDPE"][random.index(below: 4)]
        let reset = ["FDRE": "R", "FDSE": "S", "FDCE": "CLR", "FDPE": "PRE"][type]!
        circuit.cell(
          type,
          ["C": Circuit.clock, "CE": [any(&random)], "D": [any(&random)], reset: rst, "Q": q],
          ["INIT": word(UInt64(index & 1), 1)])
      case 5:
        var pins = ["CLK": Circuit.clock, "CE": [any(&random)], "D": [any(&random)], "Q": q]
        for input in 0..<4 { pins["A\(input)"] = [any(&random)] }
        circuit.cell("SRL16E", pins, ["INIT": word(random.next(), 16)])
      case 6:
        let last = circuit.word(1)
        circuit.cell(
          "SRLC32E",
          [
            "CLK": Circuit.clock, "CE": [any(&random)], "D": [any(&random)], "A": many(5, &random),
            "Q": q,
            "Q31": last,
          ], ["INIT": word(random.next(), 32)])
        nets += last
      case 7:
        let (o, co) = (circuit.word(4), circuit.word(4))
        circuit.cell(
          "CARRY4",
          [
            "CI": [any(&random)], "CYINIT": [.constant("0")], "DI": many(4, &random),
            "S": many(4, &random),
            "O": o, "CO": co,
          ])
        circuit.cell("INV", ["I": [co[3]], "O": q])
        nets += o + co
      case 8:
        let (o, co) = (circuit.word(8), circuit.word(8))
        circuit.cell(
          "CARRY8",
          [
            "CI": [any(&random)], "CI_TOP": [any(&random)], "DI": many(8, &random),
            "S": many(8, &random),
            "O": o, "CO": co,
          ], ["CARRY_TYPE": index < 20 ? "SINGLE_CY8" : "DUAL_CY4"])
        circuit.cell("MUXF7", ["I0": [o[0]], "I1": [o[7]], "S": [any(&random)], "O": q])
        nets += o + co
      default:
        circuit.cell(
          "MUXF8", ["I0": [any(&random)], "I1": [any(&random)], "S": [any(&random)], "O": q])
      }
      nets += q
    }
    // One DSP block, its registers drawn.
    let p = circuit.word(48)
    func constant(_ value: UInt64, _ width: Int) -> [Netlist.Bit] {
      (0..<width).map { .constant(value >> UInt64($0) & 1 == 1 ? "1" : "0") }
    }
    var parameters = ["USE_DPORT": seed == 1 ? "TRUE" : "FALSE"]
    var depth: [String: UInt64] = [:]
    for name in [
      "ACASCREG", "ADREG", "ALUMODEREG", "AREG", "BCASCREG", "BREG", "CARRYINREG", "CARRYINSELREG",
      "CREG",
      "DREG", "INMODEREG", "MREG", "OPMODEREG", "PREG",
    ] {
      depth[name] = name == "PREG" ? 1 : random.next() & 1
    }
    depth["ACASCREG"] = depth["AREG"]
    depth["BCASCREG"] = depth["BREG"]
    for (name, value) in depth { parameters[name] = word(value, 32) }
    var pins: [String: [Netlist.Bit]] = [
      "CLK": Circuit.clock, "A": many(30, &random), "B": many(18, &random), "C": many(48, &random),
      "D": many(25, &random), "P": p, "CARRYIN": [any(&random)], "CARRYINSEL": constant(0, 3),
      // C + M, P + M, and C - M.
      "OPMODE": constant([0b011_0101, 0b010_0101, 0b011_0101][seed], 7),
      "ALUMODE": constant(seed == 2 ? 3 : 0, 4), "INMODE": constant(seed == 1 ? 0b01100 : 0, 5),
      "PCIN": constant(0, 48), "ACIN": constant(0, 30), "BCIN": constant(0, 18),
      "CARRYCASCIN": constant(0, 1), "MULTSIGNIN": constant(0, 1),
    ]
    for name in [
      "CEA1", "CEA2", "CEAD", "CEALUMODE", "CEB1", "CEB2", "CEC", "CECARRYIN", "CECTRL", "CED",
      "CEINMODE",
      "CEM", "CEP",
    ] {
      pins[name] = constant(1, 1)
    }
    for name in [
      "RSTA", "RSTALLCARRYIN", "RSTALUMODE", "RSTB", "RSTC", "RSTCTRL", "RSTD", "RSTINMODE", "RSTM",
      "RSTP",
    ] {
      // Modes must not be reset: the block would be told to add nothing valid.
      let isMode = ["RSTALUMODE", "RSTCTRL", "RSTINMODE"].contains(name)
      pins[name] = isMode ? constant(0, 1) : rst
    }
    circuit.cell("DSP48E1", pins, parameters)
    circuit.output("p", p)
    circuit.output("y", Array(nets.suffix(60)))
    circuit.output("z", Array(nets.dropFirst(60).prefix(60)))
    try await compare(
      circuit.netlist, verilog: circuit.verilog, models: models(result.log), clocks: 200, in: folder
    )
  }
}
