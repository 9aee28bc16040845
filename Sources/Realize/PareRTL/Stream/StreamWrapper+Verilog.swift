import PareNumerics
import PareText

extension StreamWrapper {
  func verilog() -> String {
    var out = SourceWriter()
    out.comment("\(name)_axis.v")
    for line in preamble { out.line(line.isEmpty ? "//" : "// \(line)") }
    out.lines(
      """
      module \(name)_axis (
        input  wire aclk,
        input  wire aresetn,
        input  wire [\(inputs.bits - 1):0] s_axis_tdata,
        input  wire s_axis_tvalid,
        output wire s_axis_tready,
        input  wire s_axis_tlast,
        output wire [\(outputs.bits - 1):0] m_axis_tdata,
        output wire m_axis_tvalid,
        input  wire m_axis_tready,
        output wire m_axis_tlast
      );
        // FEED: samples are accepted.\(flush > 0 ? " FLUSH: zeros are fed." : "") LAST: the packet's last result stands at the core.
        localparam [1:0] LAST = 2'd0, FEED = 2'd1\(flush > 0 ? ", FLUSH = 2'd2" : "");
        reg [1:0] state;
      """)
    out.indented { out in
      if flush > 0 {
        out.line("reg [\(flushBits - 1):0] zeros;", comment: "still to be fed, less one")
      }
      out.lines(
        """
        reg waiting;  // the core still shows a result that it showed before
        reg full;     // kept holds a result
        reg kept_last;
        reg [\(outputs.bits - 1):0] kept;
        wire core_out_valid;
        wire [\(outputs.bits - 1):0] result;

        wire accept = s_axis_tvalid && s_axis_tready;
        wire step   = accept\(flush > 0 ? " || (state == FLUSH && !full)" : "");
        wire shown  = core_out_valid || waiting;
        wire finish = state == LAST && !full;
        wire keep   = shown && !full && !m_axis_tready && (step || finish);

        assign s_axis_tready = state == FEED && !full;
        assign m_axis_tvalid = full || shown;
        assign m_axis_tdata  = full ? kept : result;
        assign m_axis_tlast  = full ? kept_last : state == LAST;

        always @(posedge aclk)
          if (!aresetn) begin
            state   <= LAST;
            waiting <= 1'b0;
            full    <= 1'b0;
          end else begin
            waiting <= shown && !step && !finish && (full || !m_axis_tready);
            if (keep) full <= 1'b1;
            else if (m_axis_tready) full <= 1'b0;
            case (state)
              FEED: if (accept && s_axis_tlast) state <= \(flush > 0 ? "FLUSH" : "LAST");
        """)
      if flush > 0 {
        out.line("      FLUSH: if (!full && zeros == 0) state <= LAST;")
      }
      out.lines(
        """
              default: if (!full) state <= FEED;
            endcase
          end

        always @(posedge aclk) begin
        """)
      if flush > 0 {
        out.line("  if (state == FEED) zeros <= \(flushBits)'d\(flush - 1);")
        out.line("  else if (!full) zeros <= zeros - \(flushBits)'d1;")
      }
      out.lines(
        """
          if (keep) begin
            kept      <= result;
            kept_last <= state == LAST;
          end
        end

        """)
      for slot in outputs.slots {
        out.line("wire [\(slot.format.wordLength - 1):0] core_\(slot.port);")
      }
      let words = outputs.slots.reversed().flatMap { slot -> [String] in
        let word = "core_\(slot.port)"
        if slot.padding == 0 { return [word] }
        let fill = slot.format.isSigned ? "\(word)[\(slot.format.wordLength - 1)]" : "1'b0"
        return ["{\(slot.padding){\(fill)}}", word]
      }
      out.line("assign result = {\(words.joined(separator: ", "))};")
      out.line()
      out.line("\(name) core (")
      out.indented { out in
        out.line(
          ".clk(aclk), .rst(!aresetn || finish), .in_valid(step), .out_valid(core_out_valid),")
        for slot in inputs.slots {
          let word = "s_axis_tdata[\(slot.high):\(slot.low)]"
          let gated =
            flush > 0 ? "state == FEED ? \(word) : \(slot.format.wordLength)'d0" : word
          out.line(".\(slot.port)(\(gated)),")
        }
        for (index, slot) in outputs.slots.enumerated() {
          out.line(
            ".\(slot.port)(core_\(slot.port))\(index == outputs.slots.count - 1 ? "" : ",")")
        }
      }
      out.line(");")
      let padded = inputs.slots.filter { $0.padding > 0 }
      if !padded.isEmpty {
        out.line()
        out.comment("bits of slots above their words")
        let bits = padded.map { "s_axis_tdata[\($0.low + $0.bits - 1):\($0.high + 1)]" }
        out.line("wire unused = &{1'b0, \(bits.joined(separator: ", "))};")
      }
    }
    out.line("endmodule")
    return out.finish()
  }
}
