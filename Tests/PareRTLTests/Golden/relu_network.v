// relu_network.v
// latency 10, look-ahead 1, 51 adders (742 bits), 0 multipliers, 1039 register bits
//
// A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
// high, in the clock after the one that accepts sample k + 10. rst is synchronous.
module relu_network (
  input  wire               clk,
  input  wire               rst,
  input  wire               in_valid,
  input  wire signed [11:0] xi,  // <12,3>
  input  wire signed [11:0] xq,  // <12,3>
  output reg                out_valid,
  output wire signed [11:0] yi,  // <12,3>
  output wire signed [11:0] yq   // <12,3>
);

  // live[k]: at least k samples were accepted since the reset
  reg [10:1] live;
  always @(posedge clk)
    if (rst) live <= 0;
    else if (in_valid) live <= {live[9:1], 1'b1};

  // stage 1
  reg signed [11:0] xi_d1;    // xi[n]  [-2048, 2047]
  reg signed [11:0] xq_d1;    // xq[n]  [-2048, 2047]
  reg signed [12:0] l0c0_a0;  // xi[n-2] - xq[n-1]  [-4095, 4095]
  reg signed [13:0] l0c0_a1;  // xi[n-1] + 2*xi[n-2]  [-6144, 6141]
  reg signed [14:0] l0c0_a2;  // -4*xi[n-1] + xq[n-1]  [-10236, 10239]
  reg signed [12:0] l0c0_a3;  // xi[n-2] - xq[n-1]  [-4095, 4095]
  reg signed [16:0] l0c0_a4;  // -16*xi[n-2] + 20593  [-12159, 53361]
  reg signed [13:0] l0c1_a1;  // 2*xi[n-2] + xq[n-2]  [-6144, 6141]
  reg signed [12:0] l0c1_a2;  // xq[n-1] - xq[n-2]  [-4095, 4095]

  // stage 2
  reg signed [14:0] l0c0_a5;  // xi[n-2] - 4*xq[n] - xq[n-1]  [-12283, 12287]
  reg signed [15:0] l0c0_a6;  // xi[n-1] + 2*xi[n-2] + 8*xq[n]  [-22528, 22517]
  reg signed [15:0] l0c0_a7;  // -4*xi[n-1] - 4*xi[n-2] + 5*xq[n-1]  [-26616, 26619]
  reg signed [17:0] l0c0_a8;  // -16*xi[n-2] - 16*xq[n] + 20593  [-44911, 86129]
  reg signed [12:0] l0c1_a0;  // -xi[n-1] + xi[n-2]  [-4095, 4095]
  reg signed [13:0] l0c1_a3;  // 2*xi[n-1] + xi[n-2]  [-6144, 6141]
  reg signed [17:0] l0c1_a5;  // xi[n] + 86201  [84153, 88248]
  reg signed [15:0] l0c1_a7;  // 2*xi[n-2] + 4*xq[n-1] - 3*xq[n-2]  [-18429, 18426]

  // stage 3
  reg signed [16:0] l0c0_a9;   // 2*xi[n-1] + 5*xi[n-2] + 12*xq[n] - xq[n-1]  [-40959, 40941]
  reg signed [17:0] l0c0_a10;  // 4*xi[n-1] - 12*xi[n-2] - 16*xq[n] - 5*xq[n-1] + 20593  [-55150, 96365]
  reg signed [13:0] l0c1_a4;   // 2*xi[n-2] + xq[n-1]  [-6144, 6141]
  reg signed [14:0] l0c1_a6;   // -4*xi[n] - xi[n-1] + xi[n-2]  [-12283, 12287]
  reg signed [14:0] l0c1_a8;   // -4*xi[n] + 2*xi[n-1] + xi[n-2]  [-14332, 14333]
  reg signed [17:0] l0c1_a10;  // xi[n] + 4*xi[n-2] + 8*xq[n-1] - 6*xq[n-2] + 86201  [47295, 125100]
  reg signed [17:0] l1c1_a0;   // 32*xq[n-1] - 9433  [-74969, 56071]

  // stage 4
  reg signed [19:0] l0c0;      // 18*xi[n-1] - 43*xi[n-2] - 52*xq[n] - 21*xq[n-1] + 82372  [-191944, 356786]
  reg signed [18:0] l0c1_a9;   // -4*xi[n] - xi[n-1] + 65*xi[n-2] + 32*xq[n-1]  [-208891, 208799]
  reg signed [19:0] l0c1_a11;  // 65*xi[n] - 32*xi[n-1] - 12*xi[n-2] + 8*xq[n-1] - 6*xq[n-2] + 86201  [-165653, 338032]
  reg signed [17:0] l1c1_a1;   // 32*xq[n-1] - l0c0_q[n-2] - 9433  [-77016, 56071]
  reg signed [14:0] l1c1_a2;   // 5*l0c0_q[n-2]  [0, 10235]

  // stage 5
  reg signed [11:0] l0c0_q;   // l0c0 >> 6, saturated to u<11,2>  [0, 2047], 0 before the first sample
  reg signed [19:0] l0c1;     // 61*xi[n] - 33*xi[n-1] + 53*xi[n-2] + 40*xq[n-1] - 6*xq[n-2] + 86201  [-309024, 481311]
  reg signed [17:0] l1c0_a0;  // 32*xi[n-1] + 3405  [-62131, 68909]
  reg signed [15:0] l1c1_a3;  // l0c0_q[n-1] + 8*l0c1_q[n-2]  [0, 18423]
  reg signed [13:0] l1c1_a4;  // 2*l0c0_q[n-1] + l0c1_q[n-2]  [0, 6141]
  reg signed [17:0] l1c1_a5;  // 32*xq[n-1] + 19*l0c0_q[n-2] - 9433  [-74969, 94964]

  // stage 6
  reg signed [11:0] l0c1_q;    // l0c1 >> 6, saturated to u<11,2>  [0, 2047], 0 before the first sample
  reg signed [17:0] l1c0_a1;   // 32*xi[n-1] + l0c0_q[n-1] + 3405  [-62131, 70956]
  reg signed [15:0] l1c0_a2;   // l0c0_q[n] + 8*l0c0_q[n-1]  [0, 18423]
  reg signed [14:0] l1c0_a3;   // 5*l0c1_q[n-1]  [0, 10235]
  reg signed [13:0] l1c1_a6;   // l0c0_q[n] + 2*l0c1_q[n-1]  [0, 6141]
  reg signed [13:0] l1c1_a7;   // l0c0_q[n] + 2*l0c1_q[n-1]  [0, 6141]
  reg signed [16:0] l1c1_a8;   // 16*l0c0_q[n] + l0c0_q[n-1] + 8*l0c1_q[n-2]  [0, 51175]
  reg signed [12:0] l1c1_a9;   // -2*l0c0_q[n] + l0c1_q[n-1]  [-4094, 2047]
  reg signed [18:0] l1c1_a10;  // 32*xq[n-1] - 32*l0c0_q[n-1] + 19*l0c0_q[n-2] - 16*l0c1_q[n-2] - 9433  [-173225, 94964]

  // stage 7
  reg signed [13:0] l1c0_a4;   // -3*l0c0_q[n]  [-6141, 0]
  reg signed [17:0] l1c0_a5;   // 32*xi[n-1] + l0c0_q[n-1] + 4*l0c1_q[n] + 3405  [-62131, 79144]
  reg signed [15:0] l1c0_a6;   // l0c0_q[n] + 8*l0c0_q[n-1] + 5*l0c1_q[n-1]  [0, 28658]
  reg signed [14:0] l1c1_a11;  // l0c0_q[n] + 2*l0c1_q[n] + 2*l0c1_q[n-1]  [0, 10235]
  reg signed [14:0] l1c1_a12;  // l0c0_q[n] + 4*l0c1_q[n] + 2*l0c1_q[n-1]  [0, 14329]
  reg signed [17:0] l1c1_a13;  // -48*l0c0_q[n] + l0c0_q[n-1] + 32*l0c1_q[n-1] + 8*l0c1_q[n-2]  [-98256, 83927]

  // stage 8
  reg signed [16:0] l1c0_a7;   // -23*l0c0_q[n] + 8*l0c0_q[n-1] + 5*l0c1_q[n-1]  [-47081, 26611]
  reg signed [19:0] l1c1_a14;  // -64*xq[n-1] + l0c0_q[n] + 64*l0c0_q[n-1] - 38*l0c0_q[n-2] + 2*l0c1_q[n] + 2*l0c1_q[n-1] + 1 more + 18866  [-189928, 356685]
  reg signed [18:0] l1c1_a15;  // -52*l0c0_q[n] + l0c0_q[n-1] - 16*l0c1_q[n] + 24*l0c1_q[n-1] + 8*l0c1_q[n-2]  [-139196, 67551]

  // stage 9
  reg signed [18:0] l1c0;  // 64*xi[n-1] + 46*l0c0_q[n] - 14*l0c0_q[n-1] + 8*l0c1_q[n] - 10*l0c1_q[n-1] + 6810  [-173390, 248356]
  reg signed [19:0] l1c1;  // 64*xq[n-1] - 53*l0c0_q[n] - 63*l0c0_q[n-1] + 38*l0c0_q[n-2] - 18*l0c1_q[n] + 22*l0c1_q[n-1] + 1 more - 18866  [-473364, 234962]

  // stage 10
  reg signed [11:0] yi_word;  // l1c0 >> 6, saturated to <12,3>  [-2048, 2047]
  reg signed [11:0] yq_word;  // l1c1 >> 6, saturated to <12,3>  [-2048, 2047]

  // delay lines: a wire 1, 2, ... accepted samples later
  reg signed [11:0] xi_d2, xi_d3, xi_d4, xi_d5;
  reg signed [11:0] xq_d2, xq_d3;
  reg signed [11:0] l0c0_q_d1;
  reg signed [17:0] l1c0_a5_d1;
  reg signed [18:0] l1c1_a10_d1;

  wire signed [13:0] l0c0_q_x = l0c0 >>> 6;
  wire signed [13:0] l0c1_q_x = l0c1 >>> 6;
  wire signed [12:0] yi_word_x = l1c0 >>> 6;
  wire yi_word_f = &yi_word_x[12:11] | ~|yi_word_x[12:11];
  wire signed [13:0] yq_word_x = l1c1 >>> 6;
  wire yq_word_f = &yq_word_x[13:11] | ~|yq_word_x[13:11];

  // stage 1
  always @(posedge clk)
    if (rst) begin
      xi_d1 <= 0;
      xq_d1 <= 0;
      l0c0_a0 <= 0;
      l0c0_a1 <= 0;
      l0c0_a2 <= 0;
      l0c0_a3 <= 0;
      l0c0_a4 <= 0;
      l0c1_a1 <= 0;
      l0c1_a2 <= 0;
    end else if (in_valid) begin
      xi_d1   <= xi;
      xq_d1   <= xq;
      l0c0_a0 <= xi_d2 - xq_d1;
      l0c0_a1 <= xi_d1 + (xi_d2 <<< 1);
      l0c0_a2 <= xq_d1 - (xi_d1 <<< 2);
      l0c0_a3 <= xi_d2 - xq_d1;
      l0c0_a4 <= 16'sd20593 - (xi_d2 <<< 4);
      l0c1_a1 <= xq_d2 + (xi_d2 <<< 1);
      l0c1_a2 <= xq_d1 - xq_d2;
    end

  // stage 2
  always @(posedge clk)
    if (rst) begin
      l0c0_a5 <= 0;
      l0c0_a6 <= 0;
      l0c0_a7 <= 0;
      l0c0_a8 <= 0;
      l0c1_a0 <= 0;
      l0c1_a3 <= 0;
      l0c1_a5 <= 0;
      l0c1_a7 <= 0;
    end else if (in_valid) begin
      l0c0_a5 <= l0c0_a0 - (xq_d1 <<< 2);
      l0c0_a6 <= l0c0_a1 + (xq_d1 <<< 3);
      l0c0_a7 <= l0c0_a2 - (l0c0_a3 <<< 2);
      l0c0_a8 <= l0c0_a4 - (xq_d1 <<< 4);
      l0c1_a0 <= xi_d3 - xi_d2;
      l0c1_a3 <= xi_d3 + (xi_d2 <<< 1);
      l0c1_a5 <= 18'sd86201 + xi_d1;
      l0c1_a7 <= l0c1_a1 + (l0c1_a2 <<< 2);
    end

  // stage 3
  always @(posedge clk)
    if (rst) begin
      l0c0_a9 <= 0;
      l0c0_a10 <= 0;
      l0c1_a4 <= 0;
      l0c1_a6 <= 0;
      l0c1_a8 <= 0;
      l0c1_a10 <= 0;
      l1c1_a0 <= 0;
    end else if (in_valid) begin
      l0c0_a9  <= l0c0_a5 + (l0c0_a6 <<< 1);
      l0c0_a10 <= l0c0_a8 - l0c0_a7;
      l0c1_a4  <= xq_d3 + (xi_d4 <<< 1);
      l0c1_a6  <= l0c1_a0 - (xi_d2 <<< 2);
      l0c1_a8  <= l0c1_a3 - (xi_d2 <<< 2);
      l0c1_a10 <= (l0c1_a7 <<< 1) + l0c1_a5;
      l1c1_a0  <= (-16'sd9433) + (xq_d3 <<< 5);
    end

  // stage 4
  always @(posedge clk)
    if (rst) begin
      l0c0 <= 0;
      l0c1_a9 <= 0;
      l0c1_a11 <= 0;
      l1c1_a1 <= 0;
      l1c1_a2 <= 0;
    end else if (in_valid) begin
      l0c0     <= l0c0_a9 + (l0c0_a10 <<< 2);
      l0c1_a9  <= (l0c1_a4 <<< 5) + l0c1_a6;
      l0c1_a11 <= l0c1_a10 - (l0c1_a8 <<< 4);
      l1c1_a1  <= l1c1_a0 - l0c0_q;
      l1c1_a2  <= l0c0_q + (l0c0_q <<< 2);
    end

  // stage 5
  always @(posedge clk)
    if (rst) begin
      l0c1 <= 0;
      l1c0_a0 <= 0;
      l1c1_a3 <= 0;
      l1c1_a4 <= 0;
      l1c1_a5 <= 0;
    end else if (in_valid) begin
      l0c1    <= l0c1_a9 + l0c1_a11;
      l1c0_a0 <= 13'sd3405 + (xi_d5 <<< 5);
      l1c1_a3 <= l0c0_q + (l0c1_q <<< 3);
      l1c1_a4 <= l0c1_q + (l0c0_q <<< 1);
      l1c1_a5 <= (l1c1_a2 <<< 2) + l1c1_a1;
    end

  // stage 5, 0 for words of one sign
  always @(posedge clk)
    if (rst || !live[4] || (in_valid && l0c0_q_x[13])) begin
      l0c0_q <= 0;
    end else if (in_valid) begin
      l0c0_q <= |l0c0_q_x[12:11] ? 12'sd2047 : $signed({1'b0, l0c0_q_x[10:0]});
    end

  // stage 6
  always @(posedge clk)
    if (rst) begin
      l1c0_a1 <= 0;
      l1c0_a2 <= 0;
      l1c0_a3 <= 0;
      l1c1_a6 <= 0;
      l1c1_a7 <= 0;
      l1c1_a8 <= 0;
      l1c1_a9 <= 0;
      l1c1_a10 <= 0;
    end else if (in_valid) begin
      l1c0_a1  <= l1c0_a0 + l0c0_q_d1;
      l1c0_a2  <= (l0c0_q_d1 <<< 3) + l0c0_q;
      l1c0_a3  <= l0c1_q + (l0c1_q <<< 2);
      l1c1_a6  <= l0c0_q + (l0c1_q <<< 1);
      l1c1_a7  <= l0c0_q + (l0c1_q <<< 1);
      l1c1_a8  <= (l0c0_q <<< 4) + l1c1_a3;
      l1c1_a9  <= l0c1_q - (l0c0_q <<< 1);
      l1c1_a10 <= l1c1_a5 - (l1c1_a4 <<< 4);
    end

  // stage 6, 0 for words of one sign
  always @(posedge clk)
    if (rst || !live[5] || (in_valid && l0c1_q_x[13])) begin
      l0c1_q <= 0;
    end else if (in_valid) begin
      l0c1_q <= |l0c1_q_x[12:11] ? 12'sd2047 : $signed({1'b0, l0c1_q_x[10:0]});
    end

  // stage 7
  always @(posedge clk)
    if (rst) begin
      l1c0_a4 <= 0;
      l1c0_a5 <= 0;
      l1c0_a6 <= 0;
      l1c1_a11 <= 0;
      l1c1_a12 <= 0;
      l1c1_a13 <= 0;
    end else if (in_valid) begin
      l1c0_a4  <= l0c0_q_d1 - (l0c0_q_d1 <<< 2);
      l1c0_a5  <= l1c0_a1 + (l0c1_q <<< 2);
      l1c0_a6  <= l1c0_a3 + l1c0_a2;
      l1c1_a11 <= (l0c1_q <<< 1) + l1c1_a6;
      l1c1_a12 <= (l0c1_q <<< 2) + l1c1_a7;
      l1c1_a13 <= l1c1_a8 + (l1c1_a9 <<< 5);
    end

  // stage 8
  always @(posedge clk)
    if (rst) begin
      l1c0_a7 <= 0;
      l1c1_a14 <= 0;
      l1c1_a15 <= 0;
    end else if (in_valid) begin
      l1c0_a7  <= (l1c0_a4 <<< 3) + l1c0_a6;
      l1c1_a14 <= l1c1_a11 - (l1c1_a10_d1 <<< 1);
      l1c1_a15 <= l1c1_a13 - (l1c1_a12 <<< 2);
    end

  // stage 9
  always @(posedge clk)
    if (rst) begin
      l1c0 <= 0;
      l1c1 <= 0;
    end else if (in_valid) begin
      l1c0 <= (l1c0_a5_d1 <<< 1) - (l1c0_a7 <<< 1);
      l1c1 <= l1c1_a15 - l1c1_a14;
    end

  // stage 10
  always @(posedge clk)
    if (rst) begin
      yi_word <= 0;
      yq_word <= 0;
    end else if (in_valid) begin
      yi_word <= yi_word_f ? $signed(yi_word_x[11:0]) : yi_word_x[12] ? -13'sd2048 : 12'sd2047;
      yq_word <= yq_word_f ? $signed(yq_word_x[11:0]) : yq_word_x[13] ? -13'sd2048 : 12'sd2047;
    end

  // delay lines
  always @(posedge clk)
    if (rst) begin
      xi_d2 <= 0;
      xi_d3 <= 0;
      xi_d4 <= 0;
      xi_d5 <= 0;
      xq_d2 <= 0;
      xq_d3 <= 0;
      l0c0_q_d1 <= 0;
      l1c0_a5_d1 <= 0;
      l1c1_a10_d1 <= 0;
    end else if (in_valid) begin
      xi_d2       <= xi_d1;
      xi_d3       <= xi_d2;
      xi_d4       <= xi_d3;
      xi_d5       <= xi_d4;
      xq_d2       <= xq_d1;
      xq_d3       <= xq_d2;
      l0c0_q_d1   <= l0c0_q;
      l1c0_a5_d1  <= l1c0_a5;
      l1c1_a10_d1 <= l1c1_a10;
    end

  always @(posedge clk)
    if (rst) out_valid <= 0;
    else out_valid <= in_valid && live[10];
  assign yi = yi_word;
  assign yq = yq_word;
endmodule
