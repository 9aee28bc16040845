import PareDatapath
import PareNumerics
import PareText

extension DesignProject {
  /// The text of `README.txt`.
  func readme() -> String {
    [
      opening(), files(), ports(), timing(), stream(), simulation(), synthesis(),
    ].joined(separator: "\n")
  }

  private func heading(_ title: String) -> String {
    "\(title)\n\(String(repeating: "-", count: title.count))\n\n"
  }

  private var languageTitle: String { language == .vhdl ? "VHDL-2008" : "Verilog-2005" }

  private var rate: String {
    if samplesPerClock == 1 {
      return "One sample of every input in a clock, one of every output out."
    }
    let last = samplesPerClock - 1
    return """
      In a clock \(samplesPerClock) successive samples of every input come in, and as many of every output go out: a port whose name
      ends in _0 carries the oldest of them, _\(last) the newest. All that is said below of a sample holds for the \(samplesPerClock)
      samples of a clock together.
      """
  }

  private func opening() -> String {
    let title = "\(name): a streaming integer datapath in \(languageTitle)"
    return """
      \(title)
      \(String(repeating: "=", count: title.count))

      \(rate) Written for \(part)
      (\(family.rawValue) logic) and a clock of \(clockMHz.fixed(1)) MHz.


      """
  }

  private func files() -> String {
    var table = TextTable([("file", .left), ("what it is", .left)])
    for file in otherFiles { table.add([file.path, file.purpose]) }
    for file in design {
      table.add([file, file.contains("/\(name).") ? "the design" : "a part of the design"])
    }
    for file in testbench { table.add([file, "self-checking testbench"]) }
    if !testbench.isEmpty {
      table.add(["tb/stimulus.hex", "samples that the testbenches feed, a line per sample"])
      table.add(["tb/expected.hex", "results of the integer model, in the same form"])
      table.add(["tb/segments.hex", "lengths of the stretches between resets"])
    }
    table.add([streamDesign, "the design as an AXI4-Stream, with back-pressure"])
    if !testbench.isEmpty {
      for file in streamTestbench { table.add([file, "its testbench, for the same vectors"]) }
    }
    if let vendor {
      table.add([constraints(for: name), "the clock, for \(vendor.title)"])
      if constraints(for: streamTop) != constraints(for: name) {
        table.add([constraints(for: streamTop), "the clock of the AXI4-Stream"])
      }
      table.add(["\(vendor.folder)/project.tcl", "script for \(vendor.title)"])
      if replacesRows {
        table.add(["vivado/pare_row3.v", "sums of three operands by their cells, for the script"])
      }
    }
    let vectors =
      testbench.isEmpty
      ? ""
      : """

      A line of the .hex files holds all ports, the first one lowest (on the right), each in the same number of
      digits, in two's complement.

      """
    return heading("Files") + table.text + "\n" + vectors
  }

  private func ports() -> String {
    var table = TextTable([("port", .left), ("", .left), ("bits", .right), ("format", .left)])
    for (name, direction) in [("clk", "in"), ("rst", "in"), ("in_valid", "in")] {
      table.add([name, direction, "1", ""])
    }
    func add(_ port: Port, _ direction: String) {
      table.add([port.name, direction, "\(port.format.wordLength)", "\(port.format)"])
    }
    for port in inputs { add(port, "in") }
    table.add(["out_valid", "out", "1", ""])
    for port in outputs { add(port, "out") }
    let types =
      language == .vhdl
      ? "\nWords are std_logic_vector; read them as signed, or as unsigned where the format says u.\n"
      : ""
    return heading("Ports") + table.text + """


      <W,I> is a signed word of W bits, I of them before the binary point, the sign included; u<W,I> is unsigned. The
      value is the integer divided by 2^(W-I).
      \(types)
      """
  }

  private func timing() -> String {
    let results = flush + 1
    var rows: [(String, [String])] = []
    let columns = ["0", "1", "2", "...", "\(results)", "\(results + 1)", "\(results + 2)"]
    // With nothing to flush the first result comes right behind the first sample, and the columns of both meet.
    if flush >= 2 {
      rows = [
        ("clock", columns),
        ("rst", ["1", "0", "0", "...", "0", "0", "0"]),
        ("in_valid", ["-", "1", "1", "...", "1", "1", "1"]),
        ("inputs", ["-", "s0", "s1", "...", "s\(flush)", "s\(flush + 1)", "s\(flush + 2)"]),
        ("out_valid", ["-", "0", "0", "...", "0", "1", "1"]),
        ("outputs", ["-", "-", "-", "...", "-", "r0", "r1"]),
      ]
    } else {
      let clocks = 0...(results + 2)
      rows = [
        ("clock", clocks.map { "\($0)" }),
        ("rst", clocks.map { $0 == 0 ? "1" : "0" }),
        ("in_valid", clocks.map { $0 == 0 ? "-" : "1" }),
        ("inputs", clocks.map { $0 == 0 ? "-" : "s\($0 - 1)" }),
        ("out_valid", clocks.map { $0 == 0 ? "-" : $0 > results ? "1" : "0" }),
        ("outputs", clocks.map { $0 > results ? "r\($0 - results - 1)" : "-" }),
      ]
    }
    let width = rows.flatMap(\.1).map(\.count).max()! + 2
    let drawn = rows.map { name, cells in
      "    " + name + String(repeating: " ", count: 10 - name.count)
        + cells.map { String(repeating: " ", count: width - $0.count) + $0 }.joined()
    }
    let look =
      lookAhead > 0 ? " (\(lookAhead) of these \(flush) because the algorithm looks ahead)" : ""
    return heading("Reset and timing") + """
      All inputs are read, and all outputs change, at the rising edge of clk. rst is synchronous and active high; one clock
      is enough, and it wins over in_valid. Apply it before the first sample and between unrelated stretches of samples:
      afterwards the design behaves as if all earlier samples had been 0.

      A sample is accepted in each clock with in_valid high. Without it nothing moves: the outputs keep their values, and
      clocks without a sample may come anywhere. Result k is shown, with out_valid high for one clock, in the clock after
      the one that accepts sample k + \(flush)\(look).
      With a sample (s) in every clock, and r for results:

      \(drawn.joined(separator: "\n"))

      To get the last results of a stretch feed \(flush) zero samples after it.


      """
  }

  private func stream() -> String {
    func words(_ layout: StreamLayout) -> String {
      layout.slots.map { "    [\($0.high):\($0.low)] \($0.port) \($0.format)" }
        .joined(separator: "\n")
    }
    let input = StreamLayout(inputs.map(\.name), inputs.map(\.format))
    let output = StreamLayout(outputs.map(\.name), outputs.map(\.format))
    return heading("AXI4-Stream: \(streamTop)") + """
      s_axis and m_axis with tdata, tvalid, tready and tlast; aclk, and aresetn (synchronous, active low). A beat is one
      sample of every channel, in slots of whole bytes.

      s_axis_tdata, \(input.bits) bits:
      \(words(input))
      m_axis_tdata, \(output.bits) bits:
      \(words(output))

      Bits above a word in its slot are its sign (0 for unsigned words), and are not looked at on input. A beat is taken in
      every clock while m_axis_tready stays high; when it falls nothing is lost.

      tlast ends a packet. The wrapper then feeds \(flush) zero samples, gives exactly as many results as the packet had
      samples, tlast with the last, and resets the design for one clock: the next packet starts from the zero state. In
      between s_axis_tready is low for \(flush + 1) clocks. A stream without tlast is never flushed or reset; its last \(flush)
      results stay inside. aresetn drops what is inside; s_axis_tready is low during it and the clock after it.


      """
  }

  /// Commands of the simulators that Pare is tested with, then of the maker's.
  private func simulation() -> String {
    if testbench.isEmpty { return "" }
    let up = { (path: String) in path.hasPrefix("tb/") ? String(path.dropFirst(3)) : "../\(path)" }
    let plain = (design + testbench).map(up).joined(separator: " ")
    let stream = (design + [streamDesign] + streamTestbench).map(up).joined(separator: " ")
    func commands(_ top: String, _ files: String) -> String {
      switch language {
      case .verilog:
        """
            iverilog -g2005 -s \(top) -o \(top).vvp \(files)
            vvp -n \(top).vvp
        """
      case .vhdl:
        """
            ghdl -a --std=08 \(files)
            ghdl --elab-run --std=08 \(top) --ieee-asserts=disable-at-0
        """
      }
    }
    let verilator =
      language == .verilog
      ? """

      Faster, for many samples:

          verilator --binary --timing -Wno-fatal -Wno-lint -Wno-style -CFLAGS -std=c++20 --top-module tb_\(name) \(plain)
          ./obj_dir/Vtb_\(name)

      """ : ""
    let vivado =
      vendor == .vivado
      ? """

      In Vivado's simulator (not tried by those who wrote this):

          \(language == .vhdl ? "xvhdl -2008" : "xvlog") \(plain)
          xelab -debug off -s check tb_\(name)
          xsim check -R

      """ : ""
    return heading("Simulation") + """
      The testbenches look for their vectors in the current folder, so begin with

          cd tb

      \(commands("tb_\(name)", plain))

      The last line is PASS samples N or FAIL mismatches M; MISMATCH and PROTOCOL name the first fault. What the design gave
      is in actual.hex. The AXI4-Stream, with stalls on both sides:

      \(commands("tb_\(streamTop)", stream))
      \(verilator)\(vivado)

      """
  }

  private func synthesis() -> String {
    let rows: String
    if hasRows {
      rows =
        language == .vhdl
        ? """
        Sums of three operands are instances of pare_row3. In rtl/pare_row3.vhd it is the plain sum, for simulation and
        for tools of one language. The script reads vivado/pare_row3.v in its place, a Verilog module with the same
        parameters and ports that builds each sum of one row of LUT6_2 and carry cells (macro \(family.rowDefines.joined(separator: ", "))).

        """
        : """
        Sums of three operands are instances of pare_row3: with the macro \(family.rowDefines.joined(separator: ", ")), which the
        script sets, one row of LUT6_2 and carry cells each, without it the plain sum, for simulation.

        """
    } else {
      rows = """
        Sums that no register separates carry keep attributes, so that synthesis does not merge them.

        """
    }
    let script: String
    if let vendor {
      script = """
            \(vendor.start)

        runs \(vendor.title) for \(part)\(vendor == .vivado ? ", out of context" : ""). Set PARE_TOP=\(streamTop) in the environment for the
        AXI4-Stream. \(vendor == .diamond ? "ECP5 is a device of Diamond; Lattice Radiant does not support it. " : "")The script \
        was written from documentation and not run by those who wrote it.
        """
    } else {
      script = """
        There is no script for \(part): none of the makers' programs that Pare knows is for it. Read the design's files in the
        order above; constrain clk.
        """
    }
    return heading("Synthesis") + script + "\n\n" + rows
  }
}
