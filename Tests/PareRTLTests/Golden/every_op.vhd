-- every_op.vhd (VHDL-2008)
-- latency 4, look-ahead 0, 4 adders (38 bits), 1 multipliers, 137 register bits
--
-- A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
-- high, in the clock after the one that accepts sample k + 3. rst is synchronous.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity every_op is
  port (
    clk       : in  std_logic;
    rst       : in  std_logic;
    in_valid  : in  std_logic;
    x0        : in  std_logic_vector(7 downto 0);  -- <8,4>
    x1        : in  std_logic_vector(5 downto 0);  -- u<6,2>
    out_valid : out std_logic;
    y0        : out std_logic_vector(10 downto 0);  -- <11,7>
    y1        : out std_logic_vector(5 downto 0);   -- <6,4>
    y2        : out std_logic_vector(2 downto 0);   -- u<3,1>
    y3        : out std_logic_vector(7 downto 0);   -- <8,4>
    y4        : out std_logic_vector(7 downto 0);   -- <8,4>
    y5        : out std_logic_vector(3 downto 0)    -- <4,4>
  );
end entity every_op;

architecture rtl of every_op is
  -- keeps tables out of block memory
  attribute rom_style : string;

  type table0_t is array (0 to 3) of signed(7 downto 0);
  constant table0 : table0_t := (
    0 => to_signed(1, 8),
    1 => to_signed(50, 8),
    2 => to_signed(99, 8),
    others => to_signed(99, 8)
  );
  attribute rom_style of table0 : constant is "distributed";

  -- live(k): at least k samples were accepted since the reset
  signal live : std_logic_vector(3 downto 1);

  -- stage 3
  signal n4 : signed(13 downto 0);  -- x0 * x1  [-8064, 8001]
  signal n9_adr : unsigned(1 downto 0);
  signal n9_neg : std_logic;
  signal n9_ent : signed(7 downto 0);
  signal n9_entneg : std_logic;
  signal n9 : signed(7 downto 0);  -- table of 3 at |x0| >> 4  [-99, 99]

  -- stage 4
  signal n5 : signed(7 downto 0);    -- max(0, x0)  [0, 127]
  signal n6 : signed(3 downto 0);    -- x0 within -4...7  [-4, 7]
  signal n7 : signed(5 downto 0);    -- n4 >> 6 (convergent), saturated to <6,4>  [-32, 31]
  signal n8 : signed(3 downto 0);    -- n4 >> 6 (nearest), wrapped to u<3,1>  [0, 7]
  signal n10 : signed(10 downto 0);  -- 4*x0[n] - n3[n] - n9[n]  [-611, 612]

  -- delay lines: a wire 1, 2, ... accepted samples later
  signal x0_d1, x0_d2, x0_d3 : signed(7 downto 0);
  signal x1_d1, x1_d2 : signed(6 downto 0);
  signal n2_d1, n2_d2, n2_d3, n2_d4, n2_d5, n2_d6, n2_d7 : signed(3 downto 0);

  -- between registers
  signal x0_s : signed(7 downto 0);                      -- x0[n]  [-128, 127]
  signal x1_s : signed(6 downto 0);                      -- x1[n]  [0, 63]
  constant n2 : signed(3 downto 0) := to_signed(-5, 4);  -- -5  [-5, -5]
  signal n7_r : signed(14 downto 0);
  signal n7_x : signed(7 downto 0);
  signal n7_f : std_logic;
  signal n8_r : signed(14 downto 0);
  signal n8_x : signed(3 downto 0);
  signal n9_m : unsigned(6 downto 0);
  signal n9_i : unsigned(2 downto 0);
begin
  x0_s <= signed(x0);
  x1_s <= signed('0' & x1);
  n7_r <= resize(n4, 15) + to_signed(31, 15) + signed'('0' & n4(6));
  n7_x <= n7_r(13 downto 6);
  n7_f <= (and n7_x(7 downto 5)) or (nor n7_x(7 downto 5));
  n8_r <= resize(n4, 15) + to_signed(32, 15);
  n8_x <= '0' & n8_r(8 downto 6);
  n9_m <= unsigned(not x0_s(6 downto 0)) when x0_s(7) = '1' else unsigned(x0_s(6 downto 0));
  n9_i <= resize(shift_right(n9_m, 4), 3);

  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        live <= (others => '0');
      elsif in_valid = '1' then
        live <= live(2 downto 1) & '1';
      end if;
    end if;
  end process;

  -- stage 3
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        n4 <= (others => '0');
        n9_adr <= (others => '0');
        n9_neg <= '0';
        n9_ent <= (others => '0');
        n9_entneg <= '0';
        n9 <= (others => '0');
      elsif in_valid = '1' then
        n4        <= resize(x0_d2 * x1_d2, 14);
        n9_adr    <= to_unsigned(2, 2) when n9_i > 2 else n9_i(1 downto 0);
        n9_neg    <= x0_s(7);
        n9_ent    <= table0(to_integer(n9_adr));
        n9_entneg <= n9_neg;
        n9        <= -n9_ent when n9_entneg = '1' else n9_ent;
      end if;
    end if;
  end process;

  -- stage 4
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        n5 <= (others => '0');
        n6 <= (others => '0');
        n7 <= (others => '0');
        n8 <= (others => '0');
        n10 <= (others => '0');
      elsif in_valid = '1' then
        n5  <= (others => '0') when x0_d3(7) = '1' else x0_d3;
        n6  <= to_signed(-4, 4) when x0_d3 < to_signed(-4, 3) else to_signed(7, 4) when x0_d3 > to_signed(7, 4) else x0_d3(3 downto 0);
        n7  <= n7_x(5 downto 0) when n7_f = '1' else to_signed(-32, 6) when n7_x(7) = '1' else to_signed(31, 6);
        n8  <= n8_x;
        n10 <= shift_left(resize(x0_d3, 11), 2) - resize(n9, 11) - resize(n2_d6, 11);
      end if;
    end if;
  end process;

  -- delay lines
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        x0_d1 <= (others => '0');
        x0_d2 <= (others => '0');
        x0_d3 <= (others => '0');
        x1_d1 <= (others => '0');
        x1_d2 <= (others => '0');
        n2_d1 <= (others => '0');
        n2_d2 <= (others => '0');
        n2_d3 <= (others => '0');
        n2_d4 <= (others => '0');
        n2_d5 <= (others => '0');
        n2_d6 <= (others => '0');
        n2_d7 <= (others => '0');
      elsif in_valid = '1' then
        x0_d1 <= x0_s;
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
      end if;
    end if;
  end process;

  process (clk) is
  begin
    if rising_edge(clk) then
      out_valid <= in_valid and live(3) and not rst;
    end if;
  end process;
  y0 <= std_logic_vector(n10);
  y1 <= std_logic_vector(n7);
  y2 <= std_logic_vector(n8(2 downto 0));
  y3 <= std_logic_vector(n5);
  y4 <= std_logic_vector(resize(n6, 8));
  y5 <= std_logic_vector(n2_d7);
end architecture rtl;
