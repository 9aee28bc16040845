// pare_driver.v: feeds segments of samples to a design and compares every result.
//
// Reads stimulus.hex and expected.hex (a line per sample; LANE bits per port, the first port lowest) and segments.hex (a
// line per segment: its length) from the working folder. Each segment starts with one clock of reset, during which
// in_valid is high to show that reset wins, and ends with FLUSH zero samples. About a quarter of the clocks carry no
// sample when BUBBLES is 1; the input then holds noise.
//
// Writes what the design gave, in the form of expected.hex, to actual.hex.
// Prints MISMATCH or PROTOCOL for the first fault, and last either PASS or FAIL.
`timescale 1ns / 1ps
module pare_driver #(
  parameter INPUTS     = 1,
  parameter OUTPUTS    = 1,
  parameter LANE       = 16,
  parameter SAMPLES    = 1,
  parameter SEGMENTS   = 1,
  parameter FLUSH      = 0,
  parameter BUBBLES    = 1,
  parameter NAME_CHARS = 2,
  parameter [8*NAME_CHARS*OUTPUTS-1:0] NAMES = "y0"
) (
  output reg                      clk,
  output reg                      rst,
  output reg                      in_valid,
  output reg  [INPUTS*LANE-1:0]   in_bus,
  input  wire                     out_valid,
  input  wire [OUTPUTS*LANE-1:0]  out_bus
);
  reg [INPUTS*LANE-1:0]  stimulus [0:SAMPLES-1];
  reg [OUTPUTS*LANE-1:0] expected [0:SAMPLES-1];
  reg [31:0]             lengths  [0:SEGMENTS-1];

  integer segment, first, length, fed, sample, port, letter, mismatches, results;
  reg [31:0] noise;
  reg want_valid;
  reg signed [LANE-1:0] want, got;
  reg [7:0] character;

  initial clk = 1'b0;
  always #5 clk = ~clk;

  // One clock; the inputs were set before it, the outputs are looked at after it.
  task tick;
    begin
      @(negedge clk);
      noise = noise ^ (noise << 13);
      noise = noise ^ (noise >> 17);
      noise = noise ^ (noise << 5);
    end
  endtask

  task check_valid;
    if (out_valid !== want_valid) begin
      if (mismatches == 0)
        $display("PROTOCOL segment %0d sample %0d out_valid expected %0d got %0d",
                 segment, sample, want_valid, out_valid);
      mismatches = mismatches + 1;
    end
  endtask

  task write_name;
    for (letter = NAME_CHARS - 1; letter >= 0; letter = letter - 1) begin
      character = NAMES[8*((OUTPUTS - 1 - port)*NAME_CHARS + letter) +: 8];
      if (character != " ") $write("%c", character);
    end
  endtask

  task check_results;
    for (port = 0; port < OUTPUTS; port = port + 1) begin
      want = expected[first + sample][port*LANE +: LANE];
      got  = out_bus[port*LANE +: LANE];
      if (got !== want) begin
        if (mismatches == 0) begin
          $write("MISMATCH segment %0d sample %0d port ", segment, sample);
          write_name;
          $display(" expected %0d got %0d", want, got);
        end
        mismatches = mismatches + 1;
      end
    end
  endtask

  initial begin
    $readmemh("stimulus.hex", stimulus);
    $readmemh("expected.hex", expected);
    $readmemh("segments.hex", lengths);
    results    = $fopen("actual.hex", "w");
    noise      = 32'h2545F491;
    mismatches = 0;
    first      = 0;
    sample     = 0;
    want_valid = 1'b0;
    in_bus     = 0;
    for (segment = 0; segment < SEGMENTS; segment = segment + 1) begin
      length   = lengths[segment];
      rst      = 1'b1;
      in_valid = 1'b1;
      in_bus   = ~in_bus;
      tick;
      want_valid = 1'b0;
      check_valid;
      rst = 1'b0;
      fed = 0;
      while (fed < length + FLUSH) begin
        if (BUBBLES != 0 && noise[1:0] == 2'd0) begin
          in_valid   = 1'b0;
          in_bus     = {INPUTS*LANE{1'b0}} ^ ~in_bus ^ noise;
          want_valid = 1'b0;
        end else begin
          in_valid   = 1'b1;
          in_bus     = fed < length ? stimulus[first + fed] : {INPUTS*LANE{1'b0}};
          fed        = fed + 1;
          want_valid = fed > FLUSH;
          sample     = fed - 1 - FLUSH;
        end
        tick;
        check_valid;
        if (want_valid) begin
          check_results;
          $fwrite(results, "%h\n", out_bus);
        end
      end
      first = first + length;
    end
    $fclose(results);
    if (mismatches == 0) $display("PASS samples %0d", first);
    else $display("FAIL mismatches %0d", mismatches);
    $finish;
  end
endmodule
