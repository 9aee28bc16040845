// products.v
// latency 9, look-ahead 0, 4 adders (34 bits), 3 multipliers, 148 register bits
//
// A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
// high, in the clock after the one that accepts sample k + 8. rst is synchronous.
module products (
  input  wire              clk,
  input  wire              rst,
  input  wire              in_valid,
  input  wire signed [5:0] x0,  // <6,1>
  input  wire signed [5:0] x1,  // <6,1>
  output reg               out_valid,
  output wire signed [7:0] y0  // <8,1>
);

  // live[k]: at least k samples were accepted since the reset
  reg [8:1] live;
  always @(posedge clk)
    if (rst) live <= 0;
    else if (in_valid) live <= {live[7:1], 1'b1};

  // stage 1
  reg signed [5:0] x0_d1;  // x0[n]  [-32, 31]
  reg signed [5:0] x1_d1;  // x1[n]  [-32, 31]

  // stage 2
  reg signed [11:0] x0sq;  // x0 * x0  [0, 1024]

  // stage 3
  reg signed [11:0] x1sq;   // x1 * x1  [0, 1024]
  reg signed [11:0] e2_a0;  // x0sq[n] + 16  [16, 1040]

  // stage 4
  reg signed [12:0] e2;  // x0sq[n] + x1sq[n] + 16  [16, 2064]

  // stage 5
  reg signed [5:0] e2_n7;  // e2 >> 5, saturated to <6,1>  [0, 31]

  // stage 6
  reg signed [10:0] x0e2;  // x0 * e2_n7  [-992, 961]

  // stage 7
  reg signed [10:0] x0e2_r_n9;  // x0e2[n] + 16  [-976, 977]

  // stage 8
  reg signed [5:0] l0c0;      // max(0, x0e2_n10)  [0, 30]
  reg signed [5:0] l0c0_n12;  // x0e2_n10 within -31...0  [-31, 0]

  // stage 9
  reg signed [7:0] l0c0_n13;  // 4*l0c0[n] + l0c0_n12[n]  [-31, 120]

  // delay lines: a wire 1, 2, ... accepted samples later
  reg signed [5:0] x0_d2, x0_d3, x0_d4, x0_d5;
  reg signed [5:0] x1_d2;

  wire signed [7:0] e2_n7_x = e2 >>> 5;
  wire e2_n7_f = e2_n7_x[7] | ~|e2_n7_x[6:5];
  wire signed [5:0] x0e2_n10 = x0e2_r_n9 >>> 5;  // x0e2_r_n9 >> 5, saturated to <6,1>  [-31, 30]

  // stage 1
  always @(posedge clk)
    if (rst) begin
      x0_d1 <= 0;
      x1_d1 <= 0;
    end else if (in_valid) begin
      x0_d1 <= x0;
      x1_d1 <= x1;
    end

  // stage 2
  always @(posedge clk)
    if (rst) begin
      x0sq <= 0;
    end else if (in_valid) begin
      x0sq <= x0_d1 * x0_d1;
    end

  // stage 3
  always @(posedge clk)
    if (rst) begin
      x1sq <= 0;
      e2_a0 <= 0;
    end else if (in_valid) begin
      x1sq  <= x1_d2 * x1_d2;
      e2_a0 <= 6'sd16 + x0sq;
    end

  // stage 4
  always @(posedge clk)
    if (rst) begin
      e2 <= 0;
    end else if (in_valid) begin
      e2 <= x1sq + e2_a0;
    end

  // stage 5
  always @(posedge clk)
    if (rst) begin
      e2_n7 <= 0;
    end else if (in_valid) begin
      e2_n7 <= e2_n7_f ? $signed(e2_n7_x[5:0]) : 6'sd31;
    end

  // stage 6
  always @(posedge clk)
    if (rst) begin
      x0e2 <= 0;
    end else if (in_valid) begin
      x0e2 <= x0_d5 * e2_n7;
    end

  // stage 7
  always @(posedge clk)
    if (rst) begin
      x0e2_r_n9 <= 0;
    end else if (in_valid) begin
      x0e2_r_n9 <= x0e2 + 6'sd16;
    end

  // stage 8, 0 for words of one sign
  always @(posedge clk)
    if (rst || (in_valid && x0e2_n10[5])) begin
      l0c0 <= 0;
    end else if (in_valid) begin
      l0c0 <= $signed({1'b0, x0e2_n10[4:0]});
    end

  // stage 8, 0 for words of one sign
  always @(posedge clk)
    if (rst || (in_valid && !x0e2_n10[5])) begin
      l0c0_n12 <= 0;
    end else if (in_valid) begin
      l0c0_n12 <= x0e2_n10;
    end

  // stage 9
  always @(posedge clk)
    if (rst) begin
      l0c0_n13 <= 0;
    end else if (in_valid) begin
      l0c0_n13 <= (l0c0 <<< 2) + l0c0_n12;
    end

  // delay lines
  always @(posedge clk)
    if (rst) begin
      x0_d2 <= 0;
      x0_d3 <= 0;
      x0_d4 <= 0;
      x0_d5 <= 0;
      x1_d2 <= 0;
    end else if (in_valid) begin
      x0_d2 <= x0_d1;
      x0_d3 <= x0_d2;
      x0_d4 <= x0_d3;
      x0_d5 <= x0_d4;
      x1_d2 <= x1_d1;
    end

  always @(posedge clk)
    if (rst) out_valid <= 0;
    else out_valid <= in_valid && live[8];
  assign y0 = l0c0_n13;
endmodule
