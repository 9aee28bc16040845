import PareDatapath
import PareNumerics
import PareText

/// Writes the AXI4-Stream wrapper of a design in either language.
///
/// The core holds its outputs until it accepts the next sample, so that it is the first place of an output buffer; the
/// second one is a register beside it. The core may step whenever that register is empty, which needs no look at
/// `m_axis_tready`: no path leads through the wrapper from the ready of the one side to that of the other.
struct StreamWrapper {
  let pipeline: PipelinedDatapath
  let name: String
  let inputs: StreamLayout
  let outputs: StreamLayout

  init(_ pipeline: PipelinedDatapath, name: String) {
    self.pipeline = pipeline
    self.name = name
    inputs = .inputs(of: pipeline.datapath)
    outputs = .outputs(of: pipeline.datapath)
  }

  var flush: Int { pipeline.flushCount }
  /// Bits that count the zero samples still to be fed.
  var flushBits: Int { max(1, Int.bitWidth - flush.leadingZeroBitCount) }

  /// What both languages say at the top.
  var preamble: [String] {
    [
      "AXI4-Stream around \(name): one beat, one sample of every channel.",
      "",
      "s_axis_tdata: \(words(inputs))",
      "m_axis_tdata: \(words(outputs))",
      "Bits above a word in its slot are its sign (0 for unsigned words), and are not looked at on input.",
      "",
      "tlast ends a packet: \(flush) zero samples push out the results that are still inside, so that a packet of N",
      "samples gives N results, the last with tlast. Then the core is reset for one clock, and the next packet starts",
      "from the zero state. Between two packets s_axis_tready is low for \(flush + 1) clocks, or more when the results are",
      "not taken. A stream without tlast is never flushed or reset: its last \(flush) results stay inside.",
      "",
      "aresetn is synchronous, one clock is enough; it drops what is inside. s_axis_tready is low during the reset and",
      "the clock after it.",
    ]
  }

  private func words(_ layout: StreamLayout) -> String {
    layout.slots.map { "\($0.port) \($0.format) in bits \($0.high):\($0.low)" }
      .joined(separator: ", ")
  }
}
