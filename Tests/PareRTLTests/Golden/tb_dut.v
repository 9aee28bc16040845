// tb_dut.v: checks dut against expected.hex
module tb_dut;
  wire clk, rst, in_valid, out_valid;
  wire [15:0] in_bus;
  wire signed [7:0] port_y0;
  wire signed [7:0] lane_y0 = port_y0;
  wire signed [6:0] port_y1;
  wire signed [7:0] lane_y1 = port_y1;

  dut dut (
    .clk(clk), .rst(rst), .in_valid(in_valid), .out_valid(out_valid),
    .x0(in_bus[0 +: 6]),
    .x1(in_bus[8 +: 6]),
    .y0(port_y0),
    .y1(port_y1)
  );

  pare_driver #(
    .INPUTS(2), .OUTPUTS(2), .LANE(8),
    .SAMPLES(3), .SEGMENTS(1),
    .FLUSH(1), .NAME_CHARS(2),
    .NAMES("y0y1")
  ) driver (
    .clk(clk), .rst(rst), .in_valid(in_valid), .in_bus(in_bus),
    .out_valid(out_valid), .out_bus({lane_y1, lane_y0})
  );
endmodule
