// table_network.v
// latency 13, look-ahead 1, 35 adders (505 bits), 0 multipliers, 917 register bits
//
// A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
// high, in the clock after the one that accepts sample k + 13. rst is synchronous.
module table_network (
  input  wire               clk,
  input  wire               rst,
  input  wire               in_valid,
  input  wire signed [11:0] xi,  // <12,3>
  input  wire signed [11:0] xq,  // <12,3>
  output reg                out_valid,
  output wire signed [11:0] yi,  // <12,3>
  output wire signed [11:0] yq   // <12,3>
);

  (* ram_style = "registers", rom_style = "distributed" *)
  reg signed [10:0] table0 [0:15];
  initial begin
    table0[0] = 4'sd5;
    table0[1] = 8'sd69;
    table0[2] = 9'sd133;
    table0[3] = 9'sd197;
    table0[4] = 10'sd261;
    table0[5] = 10'sd325;
    table0[6] = 10'sd389;
    table0[7] = 10'sd453;
    table0[8] = 11'sd517;
    table0[9] = 11'sd581;
    table0[10] = 11'sd645;
    table0[11] = 11'sd709;
    table0[12] = 11'sd773;
    table0[13] = 11'sd837;
    table0[14] = 11'sd901;
    table0[15] = 11'sd965;
  end

  // live[k]: at least k samples were accepted since the reset
  reg [13:1] live;
  always @(posedge clk)
    if (rst) live <= 0;
    else if (in_valid) live <= {live[12:1], 1'b1};

  // stage 1
  reg signed [11:0] xi_d1;    // xi[n]  [-2048, 2047]
  reg signed [11:0] xq_d1;    // xq[n]  [-2048, 2047]
  reg signed [13:0] l0c0_a0;  // -2*xi[n-1] + xq[n-1]  [-6142, 6143]
  reg signed [12:0] l0c1_a0;  // xi[n-1] + xq[n-1]  [-4096, 4094]

  // stage 2
  reg signed [13:0] l0c0_a1;  // -2*xi[n-1] + xq[n-1]  [-6142, 6143]
  reg signed [17:0] l0c0_a2;  // -32*xq[n-1] - 18281  [-83785, 47255]
  reg signed [14:0] l0c0_a3;  // 2*xi[n] - 2*xi[n-1] + xq[n-1]  [-10238, 10237]
  reg signed [12:0] l0c1_a1;  // xi[n-1] + xq[n-1]  [-4096, 4094]
  reg signed [16:0] l0c1_a2;  // 16*xi[n-1] + 12073  [-20695, 44825]
  reg signed [15:0] l0c1_a4;  // xi[n-1] - 8*xq[n] + xq[n-1]  [-20472, 20478]

  // stage 3
  reg signed [14:0] l0c0_a4;  // xi[n] - 4*xi[n-1] + 2*xq[n-1]  [-14332, 14333]
  reg signed [18:0] l0c0_a5;  // 2*xi[n] - 2*xi[n-1] - 63*xq[n-1] - 36562  [-173713, 100652]
  reg signed [16:0] l0c1_a3;  // xi[n] - 16*xq[n-1]  [-34800, 34815]
  reg signed [13:0] l0c1_a5;  // -2*xi[n] + xi[n-1] + xq[n-1]  [-8190, 8190]
  reg signed [12:0] l0c1_a6;  // xi[n] + xq[n]  [-4096, 4094]
  reg signed [17:0] l0c1_a7;  // -31*xi[n-1] - 8*xq[n] + xq[n-1] - 24146  [-106027, 57773]

  // stage 4
  reg signed [18:0] l0c0;     // 10*xi[n] - 34*xi[n-1] - 47*xq[n-1] - 36562  [-222849, 149796]
  reg signed [17:0] l0c1_a8;  // 9*xi[n] - 4*xi[n-1] - 20*xq[n-1]  [-67560, 67575]
  reg signed [19:0] l0c1_a9;  // 64*xi[n] - 31*xi[n-1] + 56*xq[n] + xq[n-1] - 24146  [-335411, 287029]

  // stage 5
  reg signed [11:0] l0c0_q;  // l0c0 >> 6, saturated to <12,3>  [-2048, 2047]
  reg signed [19:0] l0c1;    // -46*xi[n] + 23*xi[n-1] - 56*xq[n] - 41*xq[n-1] + 24146  [-315679, 364091]

  // stage 6
  reg signed [11:0] l0c1_q;  // l0c1 >> 6, saturated to <12,3>  [-2048, 2047]

  // stage 8
  reg [3:0] l0c0_act_adr;
  reg l0c0_act_neg;
  reg signed [10:0] l0c0_act_ent;
  reg l0c0_act_entneg;
  reg signed [10:0] l0c0_act;  // table of 16 at |l0c0_q| >> 3  [-965, 965], 0 before the first sample
  reg signed [18:0] l1c0_a0;   // 64*xi[n-1] - 15919  [-146991, 115089]
  reg signed [17:0] l1c1_a0;   // 32*xq[n-1] + 31117  [-34419, 96621]

  // stage 9
  reg [3:0] l0c1_act_adr;
  reg l0c1_act_neg;
  reg signed [10:0] l0c1_act_ent;
  reg l0c1_act_entneg;
  reg signed [10:0] l0c1_act;  // table of 16 at |l0c1_q| >> 3  [-965, 965], 0 before the first sample
  reg signed [18:0] l1c0_a1;   // 64*xi[n-1] + 16*l0c0_act[n-1] - 15919  [-162431, 130529]
  reg signed [12:0] l1c0_a2;   // -2*l0c0_act[n] + l0c1_act[n-1]  [-2895, 2895]
  reg signed [12:0] l1c0_a3;   // 2*l0c0_act[n] + l0c1_act[n-1]  [-2895, 2895]
  reg signed [18:0] l1c1_a1;   // -64*xq[n-1] + l0c0_act[n-1] - 62234  [-194207, 69803]
  reg signed [12:0] l1c1_a2;   // -3*l0c0_act[n-1]  [-2895, 2895]
  reg signed [12:0] l1c1_a3;   // 2*l0c0_act[n] + l0c1_act[n-1]  [-2895, 2895]

  // stage 10
  reg signed [18:0] l1c0_a4;  // 64*xi[n-1] + 16*l0c0_act[n-1] + 32*l0c1_act[n-1] - 15919  [-193311, 161409]
  reg signed [12:0] l1c0_a5;  // -2*l0c0_act[n] - l0c1_act[n] + l0c1_act[n-1]  [-3860, 3860]
  reg signed [13:0] l1c0_a6;  // 2*l0c0_act[n] + 2*l0c1_act[n] + l0c1_act[n-1]  [-4825, 4825]
  reg signed [14:0] l1c1_a4;  // 3*l0c0_act[n-1] + 8*l0c1_act[n-1]  [-10615, 10615]
  reg signed [18:0] l1c1_a5;  // -64*xq[n-1] + 2*l0c0_act[n] + l0c0_act[n-1] + l0c1_act[n-1] - 62234  [-197102, 72698]

  // stage 11
  reg signed [18:0] l1c0_a7;  // 64*xi[n-1] + 16*l0c0_act[n-1] - 32*l0c1_act[n] + 32*l0c1_act[n-1] - 15919  [-224191, 192289]
  reg signed [15:0] l1c0_a8;  // 6*l0c0_act[n] + 7*l0c1_act[n] + 5*l0c1_act[n-1]  [-17370, 17370]
  reg signed [18:0] l1c1;     // 64*xq[n-1] - 2*l0c0_act[n] + 11*l0c0_act[n-1] + 31*l0c1_act[n-1] + 62234  [-111298, 235702]

  // stage 12
  reg signed [18:0] l1c0;     // 64*xi[n-1] + 6*l0c0_act[n] + 16*l0c0_act[n-1] - 25*l0c1_act[n] + 37*l0c1_act[n-1] - 15919  [-228051, 196149]
  reg signed [11:0] yq_word;  // l1c1 >> 6, saturated to <12,3>  [-1740, 2047]

  // stage 13
  reg signed [11:0] yi_word;  // l1c0 >> 6, saturated to <12,3>  [-2048, 2047]

  // delay lines: a wire 1, 2, ... accepted samples later
  reg signed [11:0] xi_d2, xi_d3, xi_d4, xi_d5, xi_d6, xi_d7, xi_d8;
  reg signed [11:0] xq_d2, xq_d3, xq_d4, xq_d5, xq_d6, xq_d7, xq_d8;
  reg signed [10:0] l0c0_act_d1;
  reg signed [10:0] l0c1_act_d1;
  reg signed [11:0] yq_word_d1;

  wire signed [12:0] l0c0_q_x = l0c0 >>> 6;
  wire l0c0_q_f = &l0c0_q_x[12:11] | ~|l0c0_q_x[12:11];
  wire [10:0] l0c0_act_m = l0c0_q[11] ? ~l0c0_q : l0c0_q;
  wire [7:0] l0c0_act_i = l0c0_act_m >> 3;
  wire signed [13:0] l0c1_q_x = l0c1 >>> 6;
  wire l0c1_q_f = &l0c1_q_x[13:11] | ~|l0c1_q_x[13:11];
  wire [10:0] l0c1_act_m = l0c1_q[11] ? ~l0c1_q : l0c1_q;
  wire [7:0] l0c1_act_i = l0c1_act_m >> 3;
  wire signed [12:0] yi_word_x = l1c0 >>> 6;
  wire yi_word_f = &yi_word_x[12:11] | ~|yi_word_x[12:11];
  wire signed [12:0] yq_word_x = l1c1 >>> 6;
  wire yq_word_f = yq_word_x[12] | ~|yq_word_x[11:11];

  // stage 1
  always @(posedge clk)
    if (rst) begin
      xi_d1 <= 0;
      xq_d1 <= 0;
      l0c0_a0 <= 0;
      l0c1_a0 <= 0;
    end else if (in_valid) begin
      xi_d1   <= xi;
      xq_d1   <= xq;
      l0c0_a0 <= xq_d1 - (xi_d1 <<< 1);
      l0c1_a0 <= xi_d1 + xq_d1;
    end

  // stage 2
  always @(posedge clk)
    if (rst) begin
      l0c0_a1 <= 0;
      l0c0_a2 <= 0;
      l0c0_a3 <= 0;
      l0c1_a1 <= 0;
      l0c1_a2 <= 0;
      l0c1_a4 <= 0;
    end else if (in_valid) begin
      l0c0_a1 <= xq_d2 - (xi_d2 <<< 1);
      l0c0_a2 <= (-17'sd18281) - (xq_d2 <<< 5);
      l0c0_a3 <= (xi_d1 <<< 1) + l0c0_a0;
      l0c1_a1 <= xi_d2 + xq_d2;
      l0c1_a2 <= 15'sd12073 + (xi_d2 <<< 4);
      l0c1_a4 <= l0c1_a0 - (xq_d1 <<< 3);
    end

  // stage 3
  always @(posedge clk)
    if (rst) begin
      l0c0_a4 <= 0;
      l0c0_a5 <= 0;
      l0c1_a3 <= 0;
      l0c1_a5 <= 0;
      l0c1_a6 <= 0;
      l0c1_a7 <= 0;
    end else if (in_valid) begin
      l0c0_a4 <= xi_d2 + (l0c0_a1 <<< 1);
      l0c0_a5 <= (l0c0_a2 <<< 1) + l0c0_a3;
      l0c1_a3 <= xi_d2 - (xq_d3 <<< 4);
      l0c1_a5 <= l0c1_a1 - (xi_d2 <<< 1);
      l0c1_a6 <= xi_d2 + xq_d2;
      l0c1_a7 <= l0c1_a4 - (l0c1_a2 <<< 1);
    end

  // stage 4
  always @(posedge clk)
    if (rst) begin
      l0c0 <= 0;
      l0c1_a8 <= 0;
      l0c1_a9 <= 0;
    end else if (in_valid) begin
      l0c0    <= (l0c0_a4 <<< 3) + l0c0_a5;
      l0c1_a8 <= l0c1_a3 - (l0c1_a5 <<< 2);
      l0c1_a9 <= (l0c1_a6 <<< 6) + l0c1_a7;
    end

  // stage 5
  always @(posedge clk)
    if (rst) begin
      l0c0_q <= 0;
      l0c1 <= 0;
    end else if (in_valid) begin
      l0c0_q <= l0c0_q_f ? $signed(l0c0_q_x[11:0]) : l0c0_q_x[12] ? -13'sd2048 : 12'sd2047;
      l0c1   <= (l0c1_a8 <<< 1) - l0c1_a9;
    end

  // stage 6
  always @(posedge clk)
    if (rst) begin
      l0c1_q <= 0;
    end else if (in_valid) begin
      l0c1_q <= l0c1_q_f ? $signed(l0c1_q_x[11:0]) : l0c1_q_x[13] ? -13'sd2048 : 12'sd2047;
    end

  // stage 8
  always @(posedge clk)
    if (rst) begin
      l0c0_act_adr <= 0;
      l0c0_act_neg <= 0;
      l0c0_act_ent <= 0;
      l0c0_act_entneg <= 0;
      l1c0_a0 <= 0;
      l1c1_a0 <= 0;
    end else if (in_valid) begin
      l0c0_act_adr    <= |l0c0_act_i[7:4] ? 4'd15 : l0c0_act_i[3:0];
      l0c0_act_neg    <= l0c0_q[11];
      l0c0_act_ent    <= table0[l0c0_act_adr];
      l0c0_act_entneg <= l0c0_act_neg;
      l1c0_a0         <= (-16'sd15919) + (xi_d8 <<< 6);
      l1c1_a0         <= 16'sd31117 + (xq_d8 <<< 5);
    end

  // stage 8, 0 until the first sample is there
  always @(posedge clk)
    if (rst || !live[7]) begin
      l0c0_act <= 0;
    end else if (in_valid) begin
      l0c0_act <= l0c0_act_entneg ? -l0c0_act_ent : l0c0_act_ent;
    end

  // stage 9
  always @(posedge clk)
    if (rst) begin
      l0c1_act_adr <= 0;
      l0c1_act_neg <= 0;
      l0c1_act_ent <= 0;
      l0c1_act_entneg <= 0;
      l1c0_a1 <= 0;
      l1c0_a2 <= 0;
      l1c0_a3 <= 0;
      l1c1_a1 <= 0;
      l1c1_a2 <= 0;
      l1c1_a3 <= 0;
    end else if (in_valid) begin
      l0c1_act_adr    <= |l0c1_act_i[7:4] ? 4'd15 : l0c1_act_i[3:0];
      l0c1_act_neg    <= l0c1_q[11];
      l0c1_act_ent    <= table0[l0c1_act_adr];
      l0c1_act_entneg <= l0c1_act_neg;
      l1c0_a1         <= l1c0_a0 + (l0c0_act_d1 <<< 4);
      l1c0_a2         <= l0c1_act - (l0c0_act <<< 1);
      l1c0_a3         <= l0c1_act + (l0c0_act <<< 1);
      l1c1_a1         <= l0c0_act_d1 - (l1c1_a0 <<< 1);
      l1c1_a2         <= l0c0_act_d1 - (l0c0_act_d1 <<< 2);
      l1c1_a3         <= l0c1_act + (l0c0_act <<< 1);
    end

  // stage 9, 0 until the first sample is there
  always @(posedge clk)
    if (rst || !live[8]) begin
      l0c1_act <= 0;
    end else if (in_valid) begin
      l0c1_act <= l0c1_act_entneg ? -l0c1_act_ent : l0c1_act_ent;
    end

  // stage 10
  always @(posedge clk)
    if (rst) begin
      l1c0_a4 <= 0;
      l1c0_a5 <= 0;
      l1c0_a6 <= 0;
      l1c1_a4 <= 0;
      l1c1_a5 <= 0;
    end else if (in_valid) begin
      l1c0_a4 <= (l0c1_act_d1 <<< 5) + l1c0_a1;
      l1c0_a5 <= l1c0_a2 - l0c1_act;
      l1c0_a6 <= (l0c1_act <<< 1) + l1c0_a3;
      l1c1_a4 <= (l0c1_act_d1 <<< 3) - l1c1_a2;
      l1c1_a5 <= l1c1_a1 + l1c1_a3;
    end

  // stage 11
  always @(posedge clk)
    if (rst) begin
      l1c0_a7 <= 0;
      l1c0_a8 <= 0;
      l1c1 <= 0;
    end else if (in_valid) begin
      l1c0_a7 <= l1c0_a4 - (l0c1_act_d1 <<< 5);
      l1c0_a8 <= l1c0_a5 + (l1c0_a6 <<< 2);
      l1c1    <= (l1c1_a4 <<< 2) - l1c1_a5;
    end

  // stage 12
  always @(posedge clk)
    if (rst) begin
      l1c0 <= 0;
      yq_word <= 0;
    end else if (in_valid) begin
      l1c0    <= l1c0_a7 + l1c0_a8;
      yq_word <= yq_word_f ? $signed(yq_word_x[11:0]) : 12'sd2047;
    end

  // stage 13
  always @(posedge clk)
    if (rst) begin
      yi_word <= 0;
    end else if (in_valid) begin
      yi_word <= yi_word_f ? $signed(yi_word_x[11:0]) : yi_word_x[12] ? -13'sd2048 : 12'sd2047;
    end

  // delay lines
  always @(posedge clk)
    if (rst) begin
      xi_d2 <= 0;
      xi_d3 <= 0;
      xi_d4 <= 0;
      xi_d5 <= 0;
      xi_d6 <= 0;
      xi_d7 <= 0;
      xi_d8 <= 0;
      xq_d2 <= 0;
      xq_d3 <= 0;
      xq_d4 <= 0;
      xq_d5 <= 0;
      xq_d6 <= 0;
      xq_d7 <= 0;
      xq_d8 <= 0;
      l0c0_act_d1 <= 0;
      l0c1_act_d1 <= 0;
      yq_word_d1 <= 0;
    end else if (in_valid) begin
      xi_d2       <= xi_d1;
      xi_d3       <= xi_d2;
      xi_d4       <= xi_d3;
      xi_d5       <= xi_d4;
      xi_d6       <= xi_d5;
      xi_d7       <= xi_d6;
      xi_d8       <= xi_d7;
      xq_d2       <= xq_d1;
      xq_d3       <= xq_d2;
      xq_d4       <= xq_d3;
      xq_d5       <= xq_d4;
      xq_d6       <= xq_d5;
      xq_d7       <= xq_d6;
      xq_d8       <= xq_d7;
      l0c0_act_d1 <= l0c0_act;
      l0c1_act_d1 <= l0c1_act;
      yq_word_d1  <= yq_word;
    end

  always @(posedge clk)
    if (rst) out_valid <= 0;
    else out_valid <= in_valid && live[13];
  assign yi = yi_word;
  assign yq = yq_word_d1;
endmodule
