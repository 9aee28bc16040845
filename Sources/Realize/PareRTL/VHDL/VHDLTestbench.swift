import PareDatapath
import PareNumerics
import PareText

/// The testbench of a VHDL design: a driver of its own, a top that connects it, and the same vector files as for Verilog.
struct VHDLTestbench {
  private let pipeline: PipelinedDatapath
  private let name: String
  private let vectorFiles: VectorFiles

  /// - Throws: ``RTLError`` when the vectors do not fit the graph.
  init(_ pipeline: PipelinedDatapath, name: String, vectors: TestVectors) throws(RTLError) {
    self.pipeline = pipeline
    self.name = name
    vectorFiles = try VectorFiles(pipeline, vectors)
  }

  func files() -> [SourceFile] {
    [
      SourceFile(
        path: "pare_driver.vhd",
        text: String(decoding: PackageResources.pare_driver_vhd, as: UTF8.self)),
      SourceFile(path: "tb_\(name).vhd", text: top()),
    ] + vectorFiles.files()
  }

  private func top() -> String {
    let datapath = pipeline.datapath
    let lane = vectorFiles.lane
    let outputs = datapath.outputs.map(\.name)
    var out = SourceWriter(commentPrefix: "--")
    out.comment("tb_\(name).vhd: checks \(name) against expected.hex")
    out.lines(
      """
      library ieee;
      use ieee.std_logic_1164.all;
      use ieee.numeric_std.all;

      entity tb_\(name) is
      end entity tb_\(name);

      architecture sim of tb_\(name) is
        signal clk, rst, in_valid, out_valid : std_logic;
        signal in_bus  : std_logic_vector(\(datapath.inputs.count * lane - 1) downto 0);
        signal out_bus : std_logic_vector(\(outputs.count * lane - 1) downto 0);
      """)
    out.indented { out in
      for (output, format) in zip(outputs, vectorFiles.outputFormats) {
        out.line("signal port_\(output) : std_logic_vector(\(format.wordLength - 1) downto 0);")
      }
    }
    out.line("begin")
    out.indented { out in
      out.line("dut : entity work.\(name)")
      out.line("  port map (")
      let inputs = zip(datapath.inputs, vectorFiles.inputFormats).enumerated().map {
        index, port in
        "\(port.0) => in_bus(\(index * lane + port.1.wordLength - 1) downto \(index * lane))"
      }
      let ports =
        ["clk => clk, rst => rst, in_valid => in_valid, out_valid => out_valid"] + inputs
        + outputs.map { "\($0) => port_\($0)" }
      for (index, port) in ports.enumerated() {
        out.line("    \(port)\(index == ports.count - 1 ? "" : ",")")
      }
      out.line("  );")
      out.line()
      for (index, (output, format)) in zip(outputs, vectorFiles.outputFormats).enumerated() {
        let cast = format.isSigned ? "signed" : "unsigned"
        out.line(
          "out_bus(\((index + 1) * lane - 1) downto \(index * lane)) <= "
            + "std_logic_vector(resize(\(cast)(port_\(output)), \(lane)));")
      }
      out.line()
      out.lines(
        """
        driver : entity work.pare_driver
          generic map (
            INPUTS => \(datapath.inputs.count), OUTPUTS => \(outputs.count), LANE => \(lane), \
        FLUSH => \(pipeline.flushCount),
            NAMES => "\(outputs.map { $0 + " " }.joined())"
          )
          port map (
            clk => clk, rst => rst, in_valid => in_valid, in_bus => in_bus,
            out_valid => out_valid, out_bus => out_bus
          );
        """)
    }
    out.line("end architecture sim;")
    return out.finish()
  }
}
