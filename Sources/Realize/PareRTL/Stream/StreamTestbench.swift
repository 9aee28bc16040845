import PareDatapath
import PareNumerics
import PareText

/// The testbench of the AXI4-Stream wrapper: a driver that stalls, a top that connects it, for the core's vector files.
struct StreamTestbench {
  private let wrapper: StreamWrapper
  private let language: RTLLanguage
  private let sampleCount: Int
  private let segmentCount: Int
  /// Bits per port in the vector files.
  private let lane: Int

  /// - Parameter lengths: of the packets that the vector files hold.
  /// - Throws: ``RTLError`` when a packet would be empty.
  init(
    _ pipeline: PipelinedDatapath, name: String, language: RTLLanguage, lengths: [Int]
  ) throws(RTLError) {
    wrapper = StreamWrapper(pipeline, name: name)
    self.language = language
    if let empty = lengths.firstIndex(of: 0) {
      throw RTLError(.badVectors("segment \(empty) is empty, and a packet cannot be"))
    }
    sampleCount = lengths.reduce(0, +)
    segmentCount = lengths.count
    lane = VectorFiles.lane(pipeline.datapath.inputFormats, pipeline.datapath.outputFormats)
  }

  func files() -> [SourceFile] {
    let top = "tb_\(wrapper.name)_axis\(language.fileExtension)"
    let driver = "pare_axis_driver\(language.fileExtension)"
    let (driverText, topText) =
      switch language {
      case .verilog: (PackageResources.pare_axis_driver_v, verilog())
      case .vhdl: (PackageResources.pare_axis_driver_vhd, vhdl())
      }
    return [
      SourceFile(path: driver, text: String(decoding: driverText, as: UTF8.self)),
      SourceFile(path: top, text: topText),
    ]
  }

  private var counts: (inputs: Int, outputs: Int) {
    (wrapper.inputs.slots.count, wrapper.outputs.slots.count)
  }

  private func verilog() -> String {
    let name = wrapper.name
    let ports = wrapper.outputs.slots.map(\.port)
    let characters = ports.map(\.count).max()!
    let names = ports.map { $0 + String(repeating: " ", count: characters - $0.count) }
    var out = SourceWriter()
    out.comment("tb_\(name)_axis.v: checks \(name)_axis against expected.hex, a packet per segment")
    out.lines(
      """
      module tb_\(name)_axis;
        wire aclk, aresetn, s_tvalid, s_tready, s_tlast, m_tvalid, m_tready, m_tlast;
        wire [\(counts.inputs * lane - 1):0] in_bus;
        wire [\(counts.outputs * lane - 1):0] out_bus;
        wire [\(wrapper.inputs.bits - 1):0] s_tdata;
        wire [\(wrapper.outputs.bits - 1):0] m_tdata;

      """)
    out.indented { out in
      for (index, slot) in wrapper.inputs.slots.enumerated() {
        out.line("wire signed [\(lane - 1):0] in_\(index) = in_bus[\(index * lane) +: \(lane)];")
        out.line(
          "assign s_tdata[\(slot.low) +: \(slot.bits)] = "
            + (slot.bits <= lane
              ? "in_\(index);" : "{{\(slot.bits - lane){in_\(index)[\(lane - 1)]}}, in_\(index)};"))
      }
      for (index, slot) in wrapper.outputs.slots.enumerated() {
        // The slot as a whole is looked at as far as the lane goes, so that its padding is checked too.
        let fill = slot.format.isSigned ? "m_tdata[\(slot.low + slot.bits - 1)]" : "1'b0"
        out.line(
          "assign out_bus[\(index * lane) +: \(lane)] = "
            + (slot.bits >= lane
              ? "m_tdata[\(slot.low) +: \(lane)];"
              : "{{\(lane - slot.bits){\(fill)}}, m_tdata[\(slot.low) +: \(slot.bits)]};"))
      }
      out.lines(
        """

        \(name)_axis dut (
          .aclk(aclk), .aresetn(aresetn),
          .s_axis_tdata(s_tdata), .s_axis_tvalid(s_tvalid), .s_axis_tready(s_tready), .s_axis_tlast(s_tlast),
          .m_axis_tdata(m_tdata), .m_axis_tvalid(m_tvalid), .m_axis_tready(m_tready), .m_axis_tlast(m_tlast)
        );

        pare_axis_driver #(
          .INPUTS(\(counts.inputs)), .OUTPUTS(\(counts.outputs)), .LANE(\(lane)),
          .SAMPLES(\(sampleCount)), .SEGMENTS(\(segmentCount)),
          .FLUSH(\(wrapper.flush)), .NAME_CHARS(\(characters)),
          .NAMES("\(names.joined())")
        ) driver (
          .aclk(aclk), .aresetn(aresetn),
          .in_bus(in_bus), .s_tvalid(s_tvalid), .s_tready(s_tready), .s_tlast(s_tlast),
          .out_bus(out_bus), .m_tvalid(m_tvalid), .m_tready(m_tready), .m_tlast(m_tlast)
        );
        """)
    }
    out.line("endmodule")
    return out.finish()
  }

  private func vhdl() -> String {
    let name = wrapper.name
    var out = SourceWriter(commentPrefix: "--")
    out.comment(
      "tb_\(name)_axis.vhd: checks \(name)_axis against expected.hex, a packet per segment")
    out.lines(
      """
      library ieee;
      use ieee.std_logic_1164.all;
      use ieee.numeric_std.all;

      entity tb_\(name)_axis is
      end entity tb_\(name)_axis;

      architecture sim of tb_\(name)_axis is
        signal aclk, aresetn, s_tvalid, s_tready, s_tlast, m_tvalid, m_tready, m_tlast : std_logic;
        signal in_bus  : std_logic_vector(\(counts.inputs * lane - 1) downto 0);
        signal out_bus : std_logic_vector(\(counts.outputs * lane - 1) downto 0);
        signal s_tdata : std_logic_vector(\(wrapper.inputs.bits - 1) downto 0);
        signal m_tdata : std_logic_vector(\(wrapper.outputs.bits - 1) downto 0);
      begin
      """)
    out.indented { out in
      for (index, slot) in wrapper.inputs.slots.enumerated() {
        let high = min(slot.bits, lane) - 1
        out.line(
          "s_tdata(\(slot.low + slot.bits - 1) downto \(slot.low)) <= std_logic_vector(resize("
            + "signed(in_bus(\(index * lane + high) downto \(index * lane))), \(slot.bits)));")
      }
      for (index, slot) in wrapper.outputs.slots.enumerated() {
        // The slot as a whole is looked at as far as the lane goes, so that its padding is checked too.
        let high = slot.low + min(slot.bits, lane) - 1
        let cast = slot.format.isSigned ? "signed" : "unsigned"
        out.line(
          "out_bus(\((index + 1) * lane - 1) downto \(index * lane)) <= std_logic_vector(resize("
            + "\(cast)(m_tdata(\(high) downto \(slot.low))), \(lane)));")
      }
      out.lines(
        """

        dut : entity work.\(name)_axis
          port map (
            aclk => aclk, aresetn => aresetn,
            s_axis_tdata => s_tdata, s_axis_tvalid => s_tvalid, s_axis_tready => s_tready, s_axis_tlast => s_tlast,
            m_axis_tdata => m_tdata, m_axis_tvalid => m_tvalid, m_axis_tready => m_tready, m_axis_tlast => m_tlast
          );

        driver : entity work.pare_axis_driver
          generic map (
            INPUTS => \(counts.inputs), OUTPUTS => \(counts.outputs), LANE => \(lane), \
        SAMPLES => \(sampleCount), FLUSH => \(wrapper.flush),
            NAMES => "\(wrapper.outputs.slots.map { $0.port + " " }.joined())"
          )
          port map (
            aclk => aclk, aresetn => aresetn,
            in_bus => in_bus, s_tvalid => s_tvalid, s_tready => s_tready, s_tlast => s_tlast,
            out_bus => out_bus, m_tvalid => m_tvalid, m_tready => m_tready, m_tlast => m_tlast
          );
        """)
    }
    out.line("end architecture sim;")
    return out.finish()
  }
}
