import PareText

@testable import PareTools

/// Small hand-written designs, and folders to work in.
enum Designs {
  /// Sum of two words, registered; the enable reaches every register.
  static func adder(width: Int) -> SourceBundle {
    SourceBundle(
      top: "adder",
      design: [
        SourceFile(
          path: "adder.v",
          text: """
            module adder(
              input clk, input rst, input in_valid,
              input signed [\(width - 1):0] a, input signed [\(width - 1):0] b,
              output reg out_valid, output reg signed [\(width - 1):0] y
            );
              always @(posedge clk) begin
                if (rst) out_valid <= 1'b0;
                else begin
                  out_valid <= in_valid;
                  if (in_valid) y <= a + b;
                end
              end
            endmodule

            """)
      ],
      testbench: [
        SourceFile(path: "tb_adder.v", text: adderTestbench(width: width)),
        SourceFile(path: "stimulus.hex", text: "0001\n7fff\n8000\nffff\n1234\n"),
      ])
  }

  /// Reads words from a file in the working folder, so that a run elsewhere fails.
  private static func adderTestbench(width: Int) -> String {
    """
    module tb_adder;
      reg clk = 0;
      reg signed [\(width - 1):0] words [0:4];
      reg signed [\(width - 1):0] a;
      wire signed [\(width - 1):0] y;
      wire out_valid;
      integer i, bad;
      always #5 clk = ~clk;
      adder dut(.clk(clk), .rst(1'b0), .in_valid(1'b1), .a(a), .b(words[1]),
                .out_valid(out_valid), .y(y));
      initial begin
        $readmemh("stimulus.hex", words);
        bad = 0;
        for (i = 0; i < 5; i = i + 1) begin
          @(negedge clk) a = words[i];
          @(negedge clk);
          if (y !== a + words[1]) begin
            bad = bad + 1;
            if (bad == 1)
              $display("MISMATCH segment 0 sample %0d port y expected %0d got %0d",
                       i, a + words[1], y);
          end
        end
        if (bad == 0) $display("PASS samples %0d", i);
        else $display("FAIL mismatches %0d", bad);
        $finish;
      end
    endmodule

    """
  }

  /// The same with one sign flipped: what a wrong generator would write.
  static func wrongAdder(width: Int) -> SourceBundle {
    let right = adder(width: width)
    return SourceBundle(
      top: right.top,
      design: right.design.map {
        SourceFile(path: $0.path, text: $0.text.replacing("a + b", with: "a - b"))
      },
      testbench: right.testbench)
  }

  /// A registered adder in VHDL with a testbench that feeds 0 to 4 and adds 3.
  static func vhdlAdder(sum: String) -> SourceBundle {
    SourceBundle(
      top: "adder",
      design: [
        SourceFile(
          path: "adder.vhd",
          text: """
            library ieee;
            use ieee.std_logic_1164.all;
            use ieee.numeric_std.all;
            entity adder is
              port (clk : in std_logic; a, b : in signed(7 downto 0); y : out signed(7 downto 0));
            end entity adder;
            architecture rtl of adder is
            begin
              process (clk) is
              begin
                if rising_edge(clk) then y <= \(sum); end if;
              end process;
            end architecture rtl;

            """)
      ],
      testbench: [
        SourceFile(
          path: "tb_adder.vhd",
          text: """
            library ieee;
            use ieee.std_logic_1164.all;
            use ieee.numeric_std.all;
            use std.textio.all;
            entity tb_adder is
            end entity tb_adder;
            architecture sim of tb_adder is
              signal clk : std_logic := '0';
              signal a, y : signed(7 downto 0);
            begin
              dut : entity work.adder port map (clk => clk, a => a, b => to_signed(3, 8), y => y);
              clk <= not clk after 5 ns;
              process is
                variable words : line;
                variable bad : natural := 0;
              begin
                for i in 0 to 4 loop
                  a <= to_signed(i, 8);
                  wait until falling_edge(clk);
                  if y /= i + 3 then
                    bad := bad + 1;
                    write(words, string'("MISMATCH segment 0 sample ") & integer'image(i)
                      & " port y expected " & integer'image(i + 3) & " got "
                      & integer'image(to_integer(y)));
                    writeline(output, words);
                  end if;
                end loop;
                if bad = 0 then write(words, string'("PASS samples 5"));
                else write(words, string'("FAIL mismatches ") & integer'image(bad)); end if;
                writeline(output, words);
                std.env.finish;
              end process;
            end architecture sim;

            """)
      ])
  }

  /// A counter of eight bits and its delayed copies: registers, a carry chain, and paths between registers.
  static let counter = SourceBundle(
    top: "counter",
    design: [
      SourceFile(
        path: "counter.v",
        text: """
          module counter(input clk, input rst, input enable, output reg [7:0] count);
            always @(posedge clk)
              if (rst) count <= 8'd0;
              else if (enable) count <= count + 8'd1;
          endmodule

          """)
    ])

  /// Copies inputs to outputs through a register, with more ports than any ECP5 package has pins.
  static let wide = SourceBundle(
    top: "wide",
    design: [
      SourceFile(
        path: "wide.v",
        text: """
          module wide(input clk, input [199:0] d, output reg [199:0] q);
            always @(posedge clk) q <= {d[99:0], d[199:100]};
          endmodule

          """)
    ])
}

/// Runs a body with an empty folder that is removed afterwards.
func withScratch<Result>(_ body: (Folder) async throws -> Result) async throws -> Result {
  let folder = scratchFolder()
  try folder.create()
  do {
    let result = try await body(folder)
    try folder.remove()
    return result
  } catch {
    try folder.remove()
    throw error
  }
}
