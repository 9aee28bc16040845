import PareText

/// Models of the cells that rows are built of, written from the maker's description and not from any tool's library.
///
/// - Source: AMD UG974, UltraScale Architecture Libraries Guide (LUT6_2, CARRY8); UG953, 7 Series Libraries Guide (CARRY4).
enum XilinxCells {
  static let file = SourceFile(
    path: "cells.v",
    text: """
      module LUT6_2 #(parameter [63:0] INIT = 64'd0) (
        input I0, input I1, input I2, input I3, input I4, input I5, output O5, output O6
      );
        wire [31:0] low = INIT[31:0];
        assign O5 = low[{I4, I3, I2, I1, I0}];
        assign O6 = INIT[{I5, I4, I3, I2, I1, I0}];
      endmodule

      module MUXCY_XORCY (input CI, input DI, input S, output CO, output O);
        assign CO = S ? CI : DI;
        assign O = S ^ CI;
      endmodule

      module CARRY4 (
        input CI, input CYINIT, input [3:0] DI, input [3:0] S, output [3:0] CO, output [3:0] O
      );
        MUXCY_XORCY bits [3:0] (.CI({CO[2:0], CI | CYINIT}), .DI(DI), .S(S), .CO(CO), .O(O));
      endmodule

      module CARRY8 #(parameter CARRY_TYPE = "SINGLE_CY8") (
        input CI, input CI_TOP, input [7:0] DI, input [7:0] S, output [7:0] CO, output [7:0] O
      );
        MUXCY_XORCY bits [7:0] (.CI({CO[6:0], CI}), .DI(DI), .S(S), .CO(CO), .O(O));
      endmodule

      """)
}
