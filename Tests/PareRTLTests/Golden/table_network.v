// table_network.v
// latency 13, look-ahead 1, 35 adders (498 bits), 0 multipliers, 1093 register bits
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
  reg signed [10:0] table0 [0:127];
  initial begin
    table0[0] = 4'sd5;
    table0[1] = 5'sd9;
    table0[2] = 5'sd13;
    table0[3] = 6'sd17;
    table0[4] = 6'sd21;
    table0[5] = 6'sd25;
    table0[6] = 6'sd29;
    table0[7] = 7'sd33;
    table0[8] = 7'sd37;
    table0[9] = 7'sd41;
    table0[10] = 7'sd45;
    table0[11] = 7'sd49;
    table0[12] = 7'sd53;
    table0[13] = 7'sd57;
    table0[14] = 7'sd61;
    table0[15] = 8'sd65;
    table0[16] = 8'sd69;
    table0[17] = 8'sd73;
    table0[18] = 8'sd77;
    table0[19] = 8'sd81;
    table0[20] = 8'sd85;
    table0[21] = 8'sd89;
    table0[22] = 8'sd93;
    table0[23] = 8'sd97;
    table0[24] = 8'sd101;
    table0[25] = 8'sd105;
    table0[26] = 8'sd109;
    table0[27] = 8'sd113;
    table0[28] = 8'sd117;
    table0[29] = 8'sd121;
    table0[30] = 8'sd125;
    table0[31] = 9'sd129;
    table0[32] = 9'sd133;
    table0[33] = 9'sd137;
    table0[34] = 9'sd141;
    table0[35] = 9'sd145;
    table0[36] = 9'sd149;
    table0[37] = 9'sd153;
    table0[38] = 9'sd157;
    table0[39] = 9'sd161;
    table0[40] = 9'sd165;
    table0[41] = 9'sd169;
    table0[42] = 9'sd173;
    table0[43] = 9'sd177;
    table0[44] = 9'sd181;
    table0[45] = 9'sd185;
    table0[46] = 9'sd189;
    table0[47] = 9'sd193;
    table0[48] = 9'sd197;
    table0[49] = 9'sd201;
    table0[50] = 9'sd205;
    table0[51] = 9'sd209;
    table0[52] = 9'sd213;
    table0[53] = 9'sd217;
    table0[54] = 9'sd221;
    table0[55] = 9'sd225;
    table0[56] = 9'sd229;
    table0[57] = 9'sd233;
    table0[58] = 9'sd237;
    table0[59] = 9'sd241;
    table0[60] = 9'sd245;
    table0[61] = 9'sd249;
    table0[62] = 9'sd253;
    table0[63] = 10'sd257;
    table0[64] = 10'sd261;
    table0[65] = 10'sd265;
    table0[66] = 10'sd269;
    table0[67] = 10'sd273;
    table0[68] = 10'sd277;
    table0[69] = 10'sd281;
    table0[70] = 10'sd285;
    table0[71] = 10'sd289;
    table0[72] = 10'sd293;
    table0[73] = 10'sd297;
    table0[74] = 10'sd301;
    table0[75] = 10'sd305;
    table0[76] = 10'sd309;
    table0[77] = 10'sd313;
    table0[78] = 10'sd317;
    table0[79] = 10'sd321;
    table0[80] = 10'sd325;
    table0[81] = 10'sd329;
    table0[82] = 10'sd333;
    table0[83] = 10'sd337;
    table0[84] = 10'sd341;
    table0[85] = 10'sd345;
    table0[86] = 10'sd349;
    table0[87] = 10'sd353;
    table0[88] = 10'sd357;
    table0[89] = 10'sd361;
    table0[90] = 10'sd365;
    table0[91] = 10'sd369;
    table0[92] = 10'sd373;
    table0[93] = 10'sd377;
    table0[94] = 10'sd381;
    table0[95] = 10'sd385;
    table0[96] = 10'sd389;
    table0[97] = 10'sd393;
    table0[98] = 10'sd397;
    table0[99] = 10'sd401;
    table0[100] = 10'sd405;
    table0[101] = 10'sd409;
    table0[102] = 10'sd413;
    table0[103] = 10'sd417;
    table0[104] = 10'sd421;
    table0[105] = 10'sd425;
    table0[106] = 10'sd429;
    table0[107] = 10'sd433;
    table0[108] = 10'sd437;
    table0[109] = 10'sd441;
    table0[110] = 10'sd445;
    table0[111] = 10'sd449;
    table0[112] = 10'sd453;
    table0[113] = 10'sd457;
    table0[114] = 10'sd461;
    table0[115] = 10'sd465;
    table0[116] = 10'sd469;
    table0[117] = 10'sd473;
    table0[118] = 10'sd477;
    table0[119] = 10'sd481;
    table0[120] = 10'sd485;
    table0[121] = 10'sd489;
    table0[122] = 10'sd493;
    table0[123] = 10'sd497;
    table0[124] = 10'sd501;
    table0[125] = 10'sd505;
    table0[126] = 10'sd509;
    table0[127] = 11'sd513;
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
  reg signed [13:0] l0c0_a1;  // -2*xi[n-1] + xq[n-1]  [-6142, 6143]
  reg signed [17:0] l0c0_a2;  // -32*xq[n-1] - 18281  [-83785, 47255]
  reg signed [12:0] l0c1_a0;  // xi[n-1] + xq[n-1]  [-4096, 4094]
  reg signed [12:0] l0c1_a1;  // xi[n-1] + xq[n-1]  [-4096, 4094]
  reg signed [16:0] l0c1_a2;  // 16*xi[n-1] + 12073  [-20695, 44825]
  reg signed [18:0] l1c0_a0;  // 64*xi[n-1] - 15919  [-146991, 115089]
  reg signed [17:0] l1c1_a0;  // 32*xq[n-1] + 31117  [-34419, 96621]

  // stage 2
  reg signed [14:0] l0c0_a3;  // 2*xi[n] - 2*xi[n-1] + xq[n-1]  [-10238, 10237]
  reg signed [14:0] l0c0_a4;  // xi[n] - 4*xi[n-1] + 2*xq[n-1]  [-14332, 14333]
  reg signed [16:0] l0c1_a3;  // xi[n] - 16*xq[n-1]  [-34800, 34815]
  reg signed [15:0] l0c1_a4;  // xi[n-1] - 8*xq[n] + xq[n-1]  [-20472, 20478]
  reg signed [13:0] l0c1_a5;  // -2*xi[n] + xi[n-1] + xq[n-1]  [-8190, 8190]
  reg signed [12:0] l0c1_a6;  // xi[n] + xq[n]  [-4096, 4094]

  // stage 3
  reg signed [18:0] l0c0_a5;  // 2*xi[n] - 2*xi[n-1] - 63*xq[n-1] - 36562  [-173713, 100652]
  reg signed [17:0] l0c1_a7;  // -31*xi[n-1] - 8*xq[n] + xq[n-1] - 24146  [-106027, 57773]
  reg signed [17:0] l0c1_a8;  // 9*xi[n] - 4*xi[n-1] - 20*xq[n-1]  [-67560, 67575]

  // stage 4
  reg signed [18:0] l0c0;     // 10*xi[n] - 34*xi[n-1] - 47*xq[n-1] - 36562  [-222849, 149796]
  reg signed [19:0] l0c1_a9;  // 64*xi[n] - 31*xi[n-1] + 56*xq[n] + xq[n-1] - 24146  [-335411, 287029]

  // stage 5
  reg signed [11:0] l0c0_q;  // l0c0 >> 6, saturated to <12,3>  [-2048, 2047]
  reg signed [19:0] l0c1;    // -46*xi[n] + 23*xi[n-1] - 56*xq[n] - 41*xq[n-1] + 24146  [-315679, 364091]

  // stage 6
  reg signed [11:0] l0c1_q;  // l0c1 >> 6, saturated to <12,3>  [-2048, 2047]

  // stage 8
  reg [6:0] l0c0_act_adr;
  reg l0c0_act_neg;
  reg signed [10:0] l0c0_act_ent;
  reg l0c0_act_entneg;
  reg signed [10:0] l0c0_act;  // table of 128 at |l0c0_q| >> 3  [-513, 513], 0 before the first sample
  reg signed [18:0] l1c0_a1;   // 64*xi[n-1] + 16*l0c0_act[n-1] - 15919  [-155199, 123297]
  reg signed [18:0] l1c1_a1;   // -64*xq[n-1] + l0c0_act[n-1] - 62234  [-193755, 69351]
  reg signed [11:0] l1c1_a2;   // -3*l0c0_act[n-1]  [-1539, 1539]

  // stage 9
  reg [6:0] l0c1_act_adr;
  reg l0c1_act_neg;
  reg signed [10:0] l0c1_act_ent;
  reg l0c1_act_entneg;
  reg signed [10:0] l0c1_act;  // table of 128 at |l0c1_q| >> 3  [-513, 513], 0 before the first sample
  reg signed [11:0] l1c0_a2;   // -2*l0c0_act[n] + l0c1_act[n-1]  [-1539, 1539]
  reg signed [11:0] l1c0_a3;   // 2*l0c0_act[n] + l0c1_act[n-1]  [-1539, 1539]
  reg signed [18:0] l1c0_a4;   // 64*xi[n-1] + 16*l0c0_act[n-1] + 32*l0c1_act[n-1] - 15919  [-171615, 139713]
  reg signed [11:0] l1c1_a3;   // 2*l0c0_act[n] + l0c1_act[n-1]  [-1539, 1539]
  reg signed [13:0] l1c1_a4;   // 3*l0c0_act[n-1] + 8*l0c1_act[n-1]  [-5643, 5643]

  // stage 10
  reg signed [12:0] l1c0_a5;  // -2*l0c0_act[n] - l0c1_act[n] + l0c1_act[n-1]  [-2052, 2052]
  reg signed [12:0] l1c0_a6;  // 2*l0c0_act[n] + 2*l0c1_act[n] + l0c1_act[n-1]  [-2565, 2565]
  reg signed [18:0] l1c0_a7;  // 64*xi[n-1] + 16*l0c0_act[n-1] - 32*l0c1_act[n] + 32*l0c1_act[n-1] - 15919  [-188031, 156129]
  reg signed [18:0] l1c1_a5;  // -64*xq[n-1] + 2*l0c0_act[n] + l0c0_act[n-1] + l0c1_act[n-1] - 62234  [-195294, 70890]

  // stage 11
  reg signed [14:0] l1c0_a8;  // 6*l0c0_act[n] + 7*l0c1_act[n] + 5*l0c1_act[n-1]  [-9234, 9234]
  reg signed [18:0] l1c1;     // 64*xq[n-1] - 2*l0c0_act[n] + 11*l0c0_act[n-1] + 31*l0c1_act[n-1] + 62234  [-91410, 215814]

  // stage 12
  reg signed [18:0] l1c0;     // 64*xi[n-1] + 6*l0c0_act[n] + 16*l0c0_act[n-1] - 25*l0c1_act[n] + 37*l0c1_act[n-1] - 15919  [-190083, 158181]
  reg signed [11:0] yq_word;  // l1c1 >> 6, saturated to <12,3>  [-1429, 2047]

  // stage 13
  reg signed [11:0] yi_word;  // l1c0 >> 6, saturated to <12,3>  [-2048, 2047]

  // delay lines: a wire 1, 2, ... accepted samples later
  reg signed [11:0] xq_d2;
  reg signed [17:0] l0c0_a2_d1;
  reg signed [14:0] l0c0_a4_d1;
  reg signed [16:0] l0c1_a2_d1;
  reg signed [12:0] l0c1_a6_d1;
  reg signed [17:0] l0c1_a8_d1;
  reg signed [18:0] l1c0_a0_d1, l1c0_a0_d2, l1c0_a0_d3, l1c0_a0_d4, l1c0_a0_d5, l1c0_a0_d6;
  reg signed [18:0] l1c0_a7_d1;
  reg signed [17:0] l1c1_a0_d1, l1c1_a0_d2, l1c1_a0_d3, l1c1_a0_d4, l1c1_a0_d5, l1c1_a0_d6;
  reg signed [18:0] l1c1_a1_d1;
  reg signed [13:0] l1c1_a4_d1;
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
      l0c0_a1 <= 0;
      l0c0_a2 <= 0;
      l0c1_a0 <= 0;
      l0c1_a1 <= 0;
      l0c1_a2 <= 0;
      l1c0_a0 <= 0;
      l1c1_a0 <= 0;
    end else if (in_valid) begin
      xi_d1   <= xi;
      xq_d1   <= xq;
      l0c0_a0 <= xq_d1 - (xi_d1 <<< 1);
      l0c0_a1 <= xq_d1 - (xi_d1 <<< 1);
      l0c0_a2 <= (-17'sd18281) - (xq_d1 <<< 5);
      l0c1_a0 <= xi_d1 + xq_d1;
      l0c1_a1 <= xi_d1 + xq_d1;
      l0c1_a2 <= 15'sd12073 + (xi_d1 <<< 4);
      l1c0_a0 <= (-16'sd15919) + (xi_d1 <<< 6);
      l1c1_a0 <= 16'sd31117 + (xq_d1 <<< 5);
    end

  // stage 2
  always @(posedge clk)
    if (rst) begin
      l0c0_a3 <= 0;
      l0c0_a4 <= 0;
      l0c1_a3 <= 0;
      l0c1_a4 <= 0;
      l0c1_a5 <= 0;
      l0c1_a6 <= 0;
    end else if (in_valid) begin
      l0c0_a3 <= (xi_d1 <<< 1) + l0c0_a0;
      l0c0_a4 <= xi_d1 + (l0c0_a1 <<< 1);
      l0c1_a3 <= xi_d1 - (xq_d2 <<< 4);
      l0c1_a4 <= l0c1_a0 - (xq_d1 <<< 3);
      l0c1_a5 <= l0c1_a1 - (xi_d1 <<< 1);
      l0c1_a6 <= xi_d1 + xq_d1;
    end

  // stage 3
  always @(posedge clk)
    if (rst) begin
      l0c0_a5 <= 0;
      l0c1_a7 <= 0;
      l0c1_a8 <= 0;
    end else if (in_valid) begin
      l0c0_a5 <= (l0c0_a2_d1 <<< 1) + l0c0_a3;
      l0c1_a7 <= l0c1_a4 - (l0c1_a2_d1 <<< 1);
      l0c1_a8 <= l0c1_a3 - (l0c1_a5 <<< 2);
    end

  // stage 4
  always @(posedge clk)
    if (rst) begin
      l0c0 <= 0;
      l0c1_a9 <= 0;
    end else if (in_valid) begin
      l0c0    <= (l0c0_a4_d1 <<< 3) + l0c0_a5;
      l0c1_a9 <= (l0c1_a6_d1 <<< 6) + l0c1_a7;
    end

  // stage 5
  always @(posedge clk)
    if (rst) begin
      l0c0_q <= 0;
      l0c1 <= 0;
    end else if (in_valid) begin
      l0c0_q <= l0c0_q_f ? $signed(l0c0_q_x[11:0]) : l0c0_q_x[12] ? -13'sd2048 : 12'sd2047;
      l0c1   <= (l0c1_a8_d1 <<< 1) - l0c1_a9;
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
      l1c0_a1 <= 0;
      l1c1_a1 <= 0;
      l1c1_a2 <= 0;
    end else if (in_valid) begin
      l0c0_act_adr    <= |l0c0_act_i[7:7] ? 7'd127 : l0c0_act_i[6:0];
      l0c0_act_neg    <= l0c0_q[11];
      l0c0_act_ent    <= table0[l0c0_act_adr];
      l0c0_act_entneg <= l0c0_act_neg;
      l1c0_a1         <= l1c0_a0_d6 + (l0c0_act <<< 4);
      l1c1_a1         <= l0c0_act - (l1c1_a0_d6 <<< 1);
      l1c1_a2         <= l0c0_act - (l0c0_act <<< 2);
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
      l1c0_a2 <= 0;
      l1c0_a3 <= 0;
      l1c0_a4 <= 0;
      l1c1_a3 <= 0;
      l1c1_a4 <= 0;
    end else if (in_valid) begin
      l0c1_act_adr    <= |l0c1_act_i[7:7] ? 7'd127 : l0c1_act_i[6:0];
      l0c1_act_neg    <= l0c1_q[11];
      l0c1_act_ent    <= table0[l0c1_act_adr];
      l0c1_act_entneg <= l0c1_act_neg;
      l1c0_a2         <= l0c1_act - (l0c0_act <<< 1);
      l1c0_a3         <= l0c1_act + (l0c0_act <<< 1);
      l1c0_a4         <= (l0c1_act <<< 5) + l1c0_a1;
      l1c1_a3         <= l0c1_act + (l0c0_act <<< 1);
      l1c1_a4         <= (l0c1_act <<< 3) - l1c1_a2;
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
      l1c0_a5 <= 0;
      l1c0_a6 <= 0;
      l1c0_a7 <= 0;
      l1c1_a5 <= 0;
    end else if (in_valid) begin
      l1c0_a5 <= l1c0_a2 - l0c1_act;
      l1c0_a6 <= (l0c1_act <<< 1) + l1c0_a3;
      l1c0_a7 <= l1c0_a4 - (l0c1_act <<< 5);
      l1c1_a5 <= l1c1_a1_d1 + l1c1_a3;
    end

  // stage 11
  always @(posedge clk)
    if (rst) begin
      l1c0_a8 <= 0;
      l1c1 <= 0;
    end else if (in_valid) begin
      l1c0_a8 <= l1c0_a5 + (l1c0_a6 <<< 2);
      l1c1    <= (l1c1_a4_d1 <<< 2) - l1c1_a5;
    end

  // stage 12
  always @(posedge clk)
    if (rst) begin
      l1c0 <= 0;
      yq_word <= 0;
    end else if (in_valid) begin
      l1c0    <= l1c0_a7_d1 + l1c0_a8;
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
      xq_d2 <= 0;
      l0c0_a2_d1 <= 0;
      l0c0_a4_d1 <= 0;
      l0c1_a2_d1 <= 0;
      l0c1_a6_d1 <= 0;
      l0c1_a8_d1 <= 0;
      l1c0_a0_d1 <= 0;
      l1c0_a0_d2 <= 0;
      l1c0_a0_d3 <= 0;
      l1c0_a0_d4 <= 0;
      l1c0_a0_d5 <= 0;
      l1c0_a0_d6 <= 0;
      l1c0_a7_d1 <= 0;
      l1c1_a0_d1 <= 0;
      l1c1_a0_d2 <= 0;
      l1c1_a0_d3 <= 0;
      l1c1_a0_d4 <= 0;
      l1c1_a0_d5 <= 0;
      l1c1_a0_d6 <= 0;
      l1c1_a1_d1 <= 0;
      l1c1_a4_d1 <= 0;
      yq_word_d1 <= 0;
    end else if (in_valid) begin
      xq_d2      <= xq_d1;
      l0c0_a2_d1 <= l0c0_a2;
      l0c0_a4_d1 <= l0c0_a4;
      l0c1_a2_d1 <= l0c1_a2;
      l0c1_a6_d1 <= l0c1_a6;
      l0c1_a8_d1 <= l0c1_a8;
      l1c0_a0_d1 <= l1c0_a0;
      l1c0_a0_d2 <= l1c0_a0_d1;
      l1c0_a0_d3 <= l1c0_a0_d2;
      l1c0_a0_d4 <= l1c0_a0_d3;
      l1c0_a0_d5 <= l1c0_a0_d4;
      l1c0_a0_d6 <= l1c0_a0_d5;
      l1c0_a7_d1 <= l1c0_a7;
      l1c1_a0_d1 <= l1c1_a0;
      l1c1_a0_d2 <= l1c1_a0_d1;
      l1c1_a0_d3 <= l1c1_a0_d2;
      l1c1_a0_d4 <= l1c1_a0_d3;
      l1c1_a0_d5 <= l1c1_a0_d4;
      l1c1_a0_d6 <= l1c1_a0_d5;
      l1c1_a1_d1 <= l1c1_a1;
      l1c1_a4_d1 <= l1c1_a4;
      yq_word_d1 <= yq_word;
    end

  always @(posedge clk)
    if (rst) out_valid <= 0;
    else out_valid <= in_valid && live[13];
  assign yi = yi_word;
  assign yq = yq_word_d1;
endmodule
