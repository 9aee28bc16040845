// every_op_axis.v
// AXI4-Stream around every_op: one beat, one sample of every channel.
//
// s_axis_tdata: x0 <8,4> in bits 7:0, x1 u<6,2> in bits 13:8
// m_axis_tdata: y0 <11,7> in bits 10:0, y1 <6,4> in bits 21:16, y2 u<3,1> in bits 26:24, y3 <8,4> in bits 39:32, y4 <8,4> in bits 47:40, y5 <4,4> in bits 51:48
// Bits above a word in its slot are its sign (0 for unsigned words), and are not looked at on input.
//
// tlast ends a packet: 4 zero samples push out the results that are still inside, so that a packet of N
// samples gives N results, the last with tlast. Then the core is reset for one clock, and the next packet starts
// from the zero state. Between two packets s_axis_tready is low for 5 clocks, or more when the results are
// not taken. A stream without tlast is never flushed or reset: its last 4 results stay inside.
//
// aresetn is synchronous, one clock is enough; it drops what is inside. s_axis_tready is low during the reset and
// the clock after it.
module every_op_axis (
  input  wire aclk,
  input  wire aresetn,
  input  wire [15:0] s_axis_tdata,
  input  wire s_axis_tvalid,
  output wire s_axis_tready,
  input  wire s_axis_tlast,
  output wire [55:0] m_axis_tdata,
  output wire m_axis_tvalid,
  input  wire m_axis_tready,
  output wire m_axis_tlast
);
  // FEED: samples are accepted. FLUSH: zeros are fed. LAST: the packet's last result stands at the core.
  localparam [1:0] LAST = 2'd0, FEED = 2'd1, FLUSH = 2'd2;
  reg [1:0] state;
  reg [2:0] zeros;  // still to be fed, less one
  reg waiting;  // the core still shows a result that it showed before
  reg full;     // kept holds a result
  reg kept_last;
  reg [55:0] kept;
  wire core_out_valid;
  wire [55:0] result;

  wire accept = s_axis_tvalid && s_axis_tready;
  wire step   = accept || (state == FLUSH && !full);
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
        FEED: if (accept && s_axis_tlast) state <= FLUSH;
        FLUSH: if (!full && zeros == 0) state <= LAST;
        default: if (!full) state <= FEED;
      endcase
    end

  always @(posedge aclk) begin
    if (state == FEED) zeros <= 3'd3;
    else if (!full) zeros <= zeros - 3'd1;
    if (keep) begin
      kept      <= result;
      kept_last <= state == LAST;
    end
  end

  wire [10:0] core_y0;
  wire [5:0] core_y1;
  wire [2:0] core_y2;
  wire [7:0] core_y3;
  wire [7:0] core_y4;
  wire [3:0] core_y5;
  assign result = {{4{core_y5[3]}}, core_y5, core_y4, core_y3, {5{1'b0}}, core_y2, {2{core_y1[5]}}, core_y1, {5{core_y0[10]}}, core_y0};

  every_op core (
    .clk(aclk), .rst(!aresetn || finish), .in_valid(step), .out_valid(core_out_valid),
    .x0(state == FEED ? s_axis_tdata[7:0] : 8'd0),
    .x1(state == FEED ? s_axis_tdata[13:8] : 6'd0),
    .y0(core_y0),
    .y1(core_y1),
    .y2(core_y2),
    .y3(core_y3),
    .y4(core_y4),
    .y5(core_y5)
  );

  // bits of slots above their words
  wire unused = &{1'b0, s_axis_tdata[15:14]};
endmodule
