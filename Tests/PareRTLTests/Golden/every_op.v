// every_op.v
// latency 4, look-ahead 0, 4 adders (38 bits), 1 multipliers, 137 register bits
//
// A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
// high, in the clock after the one that accepts sample k + 3. rst is synchronous.
module every_op (
  input  wire               clk,
  input  wire               rst,
  input  wire               in_valid,
  input  wire signed [7:0]  x0,  // <8,4>
  input  wire [5:0]         x1,  // u<6,2>
  output reg                out_valid,
  output wire signed [10:0] y0,  // <11,7>
  output wire signed [5:0]  y1,  // <6,4>
  output wire [2:0]         y2,  // u<3,1>
  output wire signed [7:0]  y3,  // <8,4>
  output wire signed [7:0]  y4,  // <8,4>
  output wire signed [3:0]  y5   // <4,4>
);

  (* ram_style = "registers", rom_style = "distributed" *)
  reg signed [7:0] table0 [0:2];
  initial begin
    table0[0] = 2'sd1;
    table0[1] = 7'sd50;
    table0[2] = 8'sd99;
  end

  // live[k]: at least k samples were accepted since the reset
  reg [3:1] live;
  always @(posedge clk)
    if (rst) live <= 0;
    else if (in_valid) live <= {live[2:1], 1'b1};

  // stage 3
  reg signed [13:0] n4;  // x0 * x1  [-8064, 8001]
  reg [1:0] n9_adr;
  reg n9_neg;
  reg signed [7:0] n9_ent;
  reg n9_entneg;
  reg signed [7:0] n9;  // table of 3 at |x0| >> 4  [-99, 99]

  // stage 4
  reg signed [7:0] n5;    // max(0, x0)  [0, 127]
  reg signed [3:0] n6;    // x0 within -4...7  [-4, 7]
  reg signed [5:0] n7;    // n4 >> 6 (convergent), saturated to <6,4>  [-32, 31]
  reg signed [3:0] n8;    // n4 >> 6 (nearest), wrapped to u<3,1>  [0, 7]
  reg signed [10:0] n10;  // 4*x0[n] - n3[n] - n9[n]  [-611, 612]

  // delay lines: a wire 1, 2, ... accepted samples later
  reg signed [7:0] x0_d1, x0_d2, x0_d3;
  reg signed [6:0] x1_d1, x1_d2;
  reg signed [3:0] n2_d1, n2_d2, n2_d3, n2_d4, n2_d5, n2_d6, n2_d7;

  wire signed [6:0] x1_s = $signed({1'b0, x1});
  wire signed [3:0] n2 = -5'sd5;  // -5  [-5, -5]
  wire signed [14:0] n7_r = n4 + 6'sd31 + $signed({1'b0, n4[6]});
  wire signed [7:0] n7_x = n7_r >>> 6;
  wire n7_f = &n7_x[7:5] | ~|n7_x[7:5];
  wire signed [14:0] n8_r = n4 + 7'sd32;
  wire [2:0] n8_x = n8_r >>> 6;
  wire [6:0] n9_m = x0[7] ? ~x0 : x0;
  wire [2:0] n9_i = n9_m >> 4;

  // stage 3
  always @(posedge clk)
    if (rst) begin
      n4 <= 0;
      n9_adr <= 0;
      n9_neg <= 0;
      n9_ent <= 0;
      n9_entneg <= 0;
      n9 <= 0;
    end else if (in_valid) begin
      n4        <= x0_d2 * x1_d2;
      n9_adr    <= n9_i > 2 ? 2'd2 : n9_i[1:0];
      n9_neg    <= x0[7];
      n9_ent    <= table0[n9_adr];
      n9_entneg <= n9_neg;
      n9        <= n9_entneg ? -n9_ent : n9_ent;
    end

  // stage 4
  always @(posedge clk)
    if (rst) begin
      n6 <= 0;
      n7 <= 0;
      n8 <= 0;
      n10 <= 0;
    end else if (in_valid) begin
      n6  <= x0_d3 < -4'sd4 ? -4'sd4 : x0_d3 > 4'sd7 ? 4'sd7 : x0_d3;
      n7  <= n7_f ? $signed(n7_x[5:0]) : n7_x[7] ? -7'sd32 : 6'sd31;
      n8  <= $signed({1'b0, n8_x});
      n10 <= (x0_d3 <<< 2) - n9 - n2_d6;
    end

  // stage 4, 0 for words of one sign
  always @(posedge clk)
    if (rst || (in_valid && x0_d3[7])) begin
      n5 <= 0;
    end else if (in_valid) begin
      n5 <= $signed({1'b0, x0_d3[6:0]});
    end

  // delay lines
  always @(posedge clk)
    if (rst) begin
      x0_d1 <= 0;
      x0_d2 <= 0;
      x0_d3 <= 0;
      x1_d1 <= 0;
      x1_d2 <= 0;
      n2_d1 <= 0;
      n2_d2 <= 0;
      n2_d3 <= 0;
      n2_d4 <= 0;
      n2_d5 <= 0;
      n2_d6 <= 0;
      n2_d7 <= 0;
    end else if (in_valid) begin
      x0_d1 <= x0;
      x0_d2 <= x0_d1;
      x0_d3 <= x0_d2;
      x1_d1 <= x1_s;
      x1_d2 <= x1_d1;
      n2_d1 <= n2;
      n2_d2 <= n2_d1;
      n2_d3 <= n2_d2;
      n2_d4 <= n2_d3;
      n2_d5 <= n2_d4;
      n2_d6 <= n2_d5;
      n2_d7 <= n2_d6;
    end

  always @(posedge clk)
    if (rst) out_valid <= 0;
    else out_valid <= in_valid && live[3];
  assign y0 = n10;
  assign y1 = n7;
  assign y2 = n8;
  assign y3 = n5;
  assign y4 = n6;
  assign y5 = n2_d7;
endmodule
