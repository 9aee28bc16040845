// pare_axis_driver.v: feeds packets to an AXI4-Stream design and compares every result.
//
// Reads stimulus.hex and expected.hex (a line per sample; LANE bits per port, the first port lowest) and segments.hex (a
// line per packet: its length) from the working folder. It starts with a part of a packet that a reset drops. Packets then
// take turns: no stalls, stalls of the source, of the sink, of both. Without stalls a sample has to be taken in every clock
// of a packet. Data and tlast have to stay while tvalid waits for tready.
//
// Writes what the design gave, in the form of expected.hex, to actual.hex.
// Prints MISMATCH or PROTOCOL for the first fault, and last either PASS or FAIL.
module pare_axis_driver #(
  parameter INPUTS     = 1,
  parameter OUTPUTS    = 1,
  parameter LANE       = 16,
  parameter SAMPLES    = 1,
  parameter SEGMENTS   = 1,
  parameter FLUSH      = 0,
  parameter NAME_CHARS = 2,
  parameter [8*NAME_CHARS*OUTPUTS-1:0] NAMES = "y0"
) (
  output reg                      aclk,
  output reg                      aresetn,
  output reg  [INPUTS*LANE-1:0]   in_bus,
  output reg                      s_tvalid,
  input  wire                     s_tready,
  output reg                      s_tlast,
  input  wire [OUTPUTS*LANE-1:0]  out_bus,
  input  wire                     m_tvalid,
  output reg                      m_tready,
  input  wire                     m_tlast
);
  reg [INPUTS*LANE-1:0]  stimulus [0:SAMPLES-1];
  reg [OUTPUTS*LANE-1:0] expected [0:SAMPLES-1];
  reg [31:0]             lengths  [0:SEGMENTS-1];

  // What the source presents, and what the sink waits for.
  integer segment, place, fed, out_segment, out_place, checked;
  integer clocks, quiet, port, letter, mismatches, results;
  reg [31:0] noise;
  reg [OUTPUTS*LANE-1:0] old_bus;
  reg taken, held, old_last, want_last, stalls_source, stalls_sink;
  reg signed [LANE-1:0] want, got;
  reg [7:0] character;

  initial aclk = 1'b0;
  always #5 aclk = ~aclk;

  task scramble;
    begin
      noise = noise ^ (noise << 13);
      noise = noise ^ (noise >> 17);
      noise = noise ^ (noise << 5);
    end
  endtask

  task fault(input [8*13-1:0] signal, input is_right, input is_there);
    begin
      if (mismatches == 0)
        $display("PROTOCOL segment %0d sample %0d %0s expected %0d got %0d",
                 out_segment, out_place, signal, is_right, is_there);
      mismatches = mismatches + 1;
    end
  endtask

  task check_result;
    begin
      for (port = 0; port < OUTPUTS; port = port + 1) begin
        want = expected[checked][port*LANE +: LANE];
        got  = out_bus[port*LANE +: LANE];
        if (got !== want) begin
          if (mismatches == 0) begin
            $write("MISMATCH segment %0d sample %0d port ", out_segment, out_place);
            for (letter = NAME_CHARS - 1; letter >= 0; letter = letter - 1) begin
              character = NAMES[8*((OUTPUTS - 1 - port)*NAME_CHARS + letter) +: 8];
              if (character != " ") $write("%c", character);
            end
            $display(" expected %0d got %0d", want, got);
          end
          mismatches = mismatches + 1;
        end
      end
      want_last = out_place + 1 == lengths[out_segment];
      if (m_tlast !== want_last) fault("m_axis_tlast", want_last, m_tlast);
      $fwrite(results, "%h\n", out_bus);
      checked   = checked + 1;
      out_place = out_place + 1;
      if (want_last) begin
        out_segment = out_segment + 1;
        out_place   = 0;
      end
    end
  endtask

  // One clock: inputs are set at the falling edge, and everything is looked at when the rising edge comes.
  task tick;
    begin
      @(negedge aclk);
      scramble;
      stalls_source = segment % 4 == 1 || segment % 4 == 3;
      stalls_sink   = segment % 4 >= 2;
      if (taken) s_tvalid = 1'b0;
      if (!s_tvalid) begin
        in_bus  = {INPUTS*LANE{1'b0}} ^ ~in_bus ^ noise;
        s_tlast = noise[5];
        if (fed < SAMPLES && !(stalls_source && noise[1:0] != 2'd0)) begin
          in_bus   = stimulus[fed];
          s_tlast  = place + 1 == lengths[segment];
          s_tvalid = 1'b1;
        end
      end
      m_tready = !(stalls_sink && noise[8:7] != 2'd0);
      @(posedge aclk);
      clocks = clocks + 1;
      taken  = s_tvalid && s_tready === 1'b1;
      if (s_tready !== 1'b0 && s_tready !== 1'b1) fault("s_axis_tready", 1'b1, s_tready);
      if (s_tvalid && !taken && place > 0 && !stalls_source && !stalls_sink)
        fault("s_axis_tready", 1'b1, s_tready);
      if (m_tvalid !== 1'b0 && m_tvalid !== 1'b1) fault("m_axis_tvalid", 1'b0, m_tvalid);
      if (held && (m_tvalid !== 1'b1 || out_bus !== old_bus || m_tlast !== old_last))
        fault("m_axis_tvalid", 1'b1, m_tvalid);
      if (m_tvalid === 1'b1 && m_tready) begin
        // No result may come before its sample.
        if (checked >= fed) fault("m_axis_tvalid", 1'b0, m_tvalid);
        else check_result;
      end
      held     = m_tvalid === 1'b1 && !m_tready;
      old_bus  = out_bus;
      old_last = m_tlast;
      if (taken) begin
        fed   = fed + 1;
        place = place + 1;
        if (s_tlast) begin
          segment = segment + 1;
          place   = 0;
        end
      end
    end
  endtask

  initial begin
    $readmemh("stimulus.hex", stimulus);
    $readmemh("expected.hex", expected);
    $readmemh("segments.hex", lengths);
    results     = $fopen("actual.hex", "w");
    noise       = 32'h2545F491;
    mismatches  = 0;
    segment     = 0;
    place       = 0;
    fed         = 0;
    out_segment = 0;
    out_place   = 0;
    checked     = 0;
    taken       = 1'b0;
    held        = 1'b0;
    in_bus      = 0;
    s_tlast     = 1'b0;
    s_tvalid    = 1'b0;
    m_tready    = 1'b0;
    aresetn     = 1'b0;
    @(negedge aclk);
    aresetn  = 1'b1;
    s_tvalid = 1'b1;
    for (clocks = 0; clocks < FLUSH + 8; clocks = clocks + 1) begin
      scramble;
      in_bus = ~in_bus ^ noise;
      @(negedge aclk);
    end
    s_tvalid = 1'b0;
    aresetn  = 1'b0;
    @(negedge aclk);
    aresetn = 1'b1;
    clocks  = 0;
    while (checked < SAMPLES && clocks < 16 * (SAMPLES + SEGMENTS * (FLUSH + 4)) + 1000) tick;
    if (checked < SAMPLES) fault("m_axis_tvalid", 1'b1, m_tvalid);
    for (quiet = 0; quiet < FLUSH + 8; quiet = quiet + 1) tick;
    $fclose(results);
    if (mismatches == 0) $display("PASS samples %0d", checked);
    else $display("FAIL mismatches %0d", mismatches);
    $finish;
  end
endmodule
