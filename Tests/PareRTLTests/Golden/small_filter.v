// small_filter.v
// two inputs, three taps
// latency 5, look-ahead 0, 6 adders (60 bits), 0 multipliers, 128 register bits
//
// A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
// high, in the clock after the one that accepts sample k + 4. rst is synchronous.
module small_filter (
  input  wire              clk,
  input  wire              rst,
  input  wire              in_valid,
  input  wire signed [7:0] x0,  // <8,1>
  input  wire signed [7:0] x1,  // <8,1>
  output reg               out_valid,
  output wire signed [7:0] y0  // <8,4>
);

  // live[k]: at least k samples were accepted since the reset
  reg [4:1] live;
  always @(posedge clk)
    if (rst) live <= 0;
    else if (in_valid) live <= {live[3:1], 1'b1};

  // stage 1
  reg signed [7:0] x0_d1;      // x0[n]  [-128, 127]
  reg signed [7:0] x1_d1;      // x1[n]  [-128, 127]
  reg signed [8:0] y0_sum_a0;  // x0[n-2] - 4  [-132, 123]

  // stage 2
  reg signed [10:0] y0_sum_a1;  // 4*x0[n-2] + x1[n-1]  [-640, 635]
  reg signed [10:0] y0_sum_a3;  // 4*x0[n] - x0[n-2] + 4  [-635, 640]

  // stage 3
  reg signed [11:0] y0_sum_a2;  // x0[n] - 8*x1[n-1]  [-1144, 1151]
  reg signed [11:0] y0_sum_a4;  // 4*x0[n] - 5*x0[n-2] - x1[n-1] + 4  [-1270, 1280]

  // stage 4
  reg signed [11:0] y0_sum;  // 3*x0[n] - 5*x0[n-2] + 7*x1[n-1] + 4  [-1911, 1914]

  // stage 5
  reg signed [7:0] y0_word;  // y0_sum >> 3, saturated to <8,4>  [-128, 127]

  // delay lines: a wire 1, 2, ... accepted samples later
  reg signed [7:0] x0_d2, x0_d3;
  reg signed [7:0] x1_d2, x1_d3;

  wire signed [8:0] y0_word_x = y0_sum >>> 3;
  wire y0_word_f = &y0_word_x[8:7] | ~|y0_word_x[8:7];

  // stage 1
  always @(posedge clk)
    if (rst) begin
      x0_d1 <= 0;
      x1_d1 <= 0;
      y0_sum_a0 <= 0;
    end else if (in_valid) begin
      x0_d1     <= x0;
      x1_d1     <= x1;
      y0_sum_a0 <= x0_d2 - 4'sd4;
    end

  // stage 2
  always @(posedge clk)
    if (rst) begin
      y0_sum_a1 <= 0;
      y0_sum_a3 <= 0;
    end else if (in_valid) begin
      y0_sum_a1 <= x1_d2 + (x0_d3 <<< 2);
      y0_sum_a3 <= (x0_d1 <<< 2) - y0_sum_a0;
    end

  // stage 3
  always @(posedge clk)
    if (rst) begin
      y0_sum_a2 <= 0;
      y0_sum_a4 <= 0;
    end else if (in_valid) begin
      y0_sum_a2 <= x0_d2 - (x1_d3 <<< 3);
      y0_sum_a4 <= y0_sum_a3 - y0_sum_a1;
    end

  // stage 4
  always @(posedge clk)
    if (rst) begin
      y0_sum <= 0;
    end else if (in_valid) begin
      y0_sum <= y0_sum_a4 - y0_sum_a2;
    end

  // stage 5
  always @(posedge clk)
    if (rst) begin
      y0_word <= 0;
    end else if (in_valid) begin
      y0_word <= y0_word_f ? $signed(y0_word_x[7:0]) : y0_word_x[8] ? -9'sd128 : 8'sd127;
    end

  // delay lines
  always @(posedge clk)
    if (rst) begin
      x0_d2 <= 0;
      x0_d3 <= 0;
      x1_d2 <= 0;
      x1_d3 <= 0;
    end else if (in_valid) begin
      x0_d2 <= x0_d1;
      x0_d3 <= x0_d2;
      x1_d2 <= x1_d1;
      x1_d3 <= x1_d2;
    end

  always @(posedge clk)
    if (rst) out_valid <= 0;
    else out_valid <= in_valid && live[4];
  assign y0 = y0_word;
endmodule
