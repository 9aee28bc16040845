// pare_row3.v: y = a + b + c, each operand negated when its flag is not 0, in one row of W tables and carries.
//
// At most two flags may be set: two negations take their ones through the free carries of the lowest bit.
// With PARE_XILINX defined the row is built of LUT6_2 and CARRY8 cells (CARRY4 when PARE_CARRY4 is defined too), else
// it is the sum itself, for simulation and for other parts.
//
// Bit i: O5 is the carry of the three operand bits, m[i + 1]; O6 is their sum exclusive-or m[i]; the carry chain
// adds the words O6 and m. Source: Kumm, Zipf, Pipelined Compressor Tree Optimization Using Integer Linear
// Programming, FPL 2014, section 2 (ternary adders).
module pare_row3 #(
  parameter W  = 8,
  parameter NA = 0,
  parameter NB = 0,
  parameter NC = 0
) (
  input  wire [W-1:0] a,
  input  wire [W-1:0] b,
  input  wire [W-1:0] c,
  output wire [W-1:0] y
);
`ifdef PARE_XILINX
  // What the inputs I0, I1, I2 are in the eight rows of a table, after the negations.
  localparam [7:0] A    = NA ? 8'h55 : 8'hAA;
  localparam [7:0] B    = NB ? 8'h33 : 8'hCC;
  localparam [7:0] C    = NC ? 8'h0F : 8'hF0;
  localparam [7:0] ODD  = A ^ B ^ C;
  localparam [7:0] MOST = A & B | A & C | B & C;
  localparam [63:0] INIT = {{2{~ODD, ODD}}, {4{MOST}}};
  localparam ONES = (NA ? 1 : 0) + (NB ? 1 : 0) + (NC ? 1 : 0);
`ifdef PARE_CARRY4
  localparam BITS = 4;
`else
  localparam BITS = 8;
`endif
  localparam CELLS = (W + BITS - 1) / BITS;

  wire [W:0] m;
  wire [CELLS*BITS-1:0] s, d, sum, carry;
  wire [CELLS:0] link;
  assign m[0] = ONES > 1;
  assign link[0] = ONES > 0;
  assign y = sum[W-1:0];

  genvar i;
  generate
    for (i = 0; i < CELLS * BITS; i = i + 1) begin : bits
      if (i < W) begin : used
        LUT6_2 #(.INIT(INIT)) row (
          .I0(a[i]), .I1(b[i]), .I2(c[i]), .I3(m[i]), .I4(1'b0), .I5(1'b1), .O5(m[i+1]), .O6(s[i])
        );
        assign d[i] = m[i];
      end else begin : unused
        assign s[i] = 1'b0;
        assign d[i] = 1'b0;
      end
    end
    for (i = 0; i < CELLS; i = i + 1) begin : carries
`ifdef PARE_CARRY4
      CARRY4 chain (
        .CI(link[i]), .CYINIT(1'b0),
`else
      CARRY8 #(.CARRY_TYPE("SINGLE_CY8")) chain (
        .CI(link[i]), .CI_TOP(1'b0),
`endif
        .DI(d[i*BITS +: BITS]), .S(s[i*BITS +: BITS]), .O(sum[i*BITS +: BITS]),
        .CO(carry[i*BITS +: BITS])
      );
      assign link[i+1] = carry[i*BITS + BITS - 1];
    end
  endgenerate
`else
  wire [W-1:0] na = NA ? -a : a;
  wire [W-1:0] nb = NB ? -b : b;
  wire [W-1:0] nc = NC ? -c : c;
  assign y = na + nb + nc;
`endif
endmodule
