-- small_filter.vhd (VHDL-2008)
-- two inputs, three taps
-- latency 5, look-ahead 0, 6 adders (60 bits), 0 multipliers, 128 register bits
--
-- A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
-- high, in the clock after the one that accepts sample k + 4. rst is synchronous.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity small_filter is
  port (
    clk       : in  std_logic;
    rst       : in  std_logic;
    in_valid  : in  std_logic;
    x0        : in  std_logic_vector(7 downto 0);  -- <8,1>
    x1        : in  std_logic_vector(7 downto 0);  -- <8,1>
    out_valid : out std_logic;
    y0        : out std_logic_vector(7 downto 0)  -- <8,4>
  );
end entity small_filter;

architecture rtl of small_filter is

  -- live(k): at least k samples were accepted since the reset
  signal live : std_logic_vector(4 downto 1);

  -- stage 1
  signal x0_d1 : signed(7 downto 0);      -- x0[n]  [-128, 127]
  signal x1_d1 : signed(7 downto 0);      -- x1[n]  [-128, 127]
  signal y0_sum_a0 : signed(8 downto 0);  -- x0[n-2] - 4  [-132, 123]

  -- stage 2
  signal y0_sum_a1 : signed(10 downto 0);  -- 4*x0[n-2] + x1[n-1]  [-640, 635]
  signal y0_sum_a3 : signed(10 downto 0);  -- 4*x0[n] - x0[n-2] + 4  [-635, 640]

  -- stage 3
  signal y0_sum_a2 : signed(11 downto 0);  -- x0[n] - 8*x1[n-1]  [-1144, 1151]
  signal y0_sum_a4 : signed(11 downto 0);  -- 4*x0[n] - 5*x0[n-2] - x1[n-1] + 4  [-1270, 1280]

  -- stage 4
  signal y0_sum : signed(11 downto 0);  -- 3*x0[n] - 5*x0[n-2] + 7*x1[n-1] + 4  [-1911, 1914]

  -- stage 5
  signal y0_word : signed(7 downto 0);  -- y0_sum >> 3, saturated to <8,4>  [-128, 127]

  -- delay lines: a wire 1, 2, ... accepted samples later
  signal x0_d2, x0_d3 : signed(7 downto 0);
  signal x1_d2, x1_d3 : signed(7 downto 0);

  -- between registers
  signal x0_s : signed(7 downto 0);  -- x0[n]  [-128, 127]
  signal x1_s : signed(7 downto 0);  -- x1[n]  [-128, 127]
  signal y0_word_x : signed(8 downto 0);
  signal y0_word_f : std_logic;
begin
  x0_s <= signed(x0);
  x1_s <= signed(x1);
  y0_word_x <= y0_sum(11 downto 3);
  y0_word_f <= (and y0_word_x(8 downto 7)) or (nor y0_word_x(8 downto 7));

  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        live <= (others => '0');
      elsif in_valid = '1' then
        live <= live(3 downto 1) & '1';
      end if;
    end if;
  end process;

  -- stage 1
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        x0_d1 <= (others => '0');
        x1_d1 <= (others => '0');
        y0_sum_a0 <= (others => '0');
      elsif in_valid = '1' then
        x0_d1     <= x0_s;
        x1_d1     <= x1_s;
        y0_sum_a0 <= resize(x0_d2, 9) - to_signed(4, 9);
      end if;
    end if;
  end process;

  -- stage 2
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        y0_sum_a1 <= (others => '0');
        y0_sum_a3 <= (others => '0');
      elsif in_valid = '1' then
        y0_sum_a1 <= resize(x1_d2, 11) + shift_left(resize(x0_d3, 11), 2);
        y0_sum_a3 <= shift_left(resize(x0_d1, 11), 2) - resize(y0_sum_a0, 11);
      end if;
    end if;
  end process;

  -- stage 3
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        y0_sum_a2 <= (others => '0');
        y0_sum_a4 <= (others => '0');
      elsif in_valid = '1' then
        y0_sum_a2 <= resize(x0_d2, 12) - shift_left(resize(x1_d3, 12), 3);
        y0_sum_a4 <= resize(y0_sum_a3, 12) - resize(y0_sum_a1, 12);
      end if;
    end if;
  end process;

  -- stage 4
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        y0_sum <= (others => '0');
      elsif in_valid = '1' then
        y0_sum <= y0_sum_a4 - y0_sum_a2;
      end if;
    end if;
  end process;

  -- stage 5
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        y0_word <= (others => '0');
      elsif in_valid = '1' then
        y0_word <= y0_word_x(7 downto 0) when y0_word_f = '1' else to_signed(-128, 8) when y0_word_x(8) = '1' else to_signed(127, 8);
      end if;
    end if;
  end process;

  -- delay lines
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        x0_d2 <= (others => '0');
        x0_d3 <= (others => '0');
        x1_d2 <= (others => '0');
        x1_d3 <= (others => '0');
      elsif in_valid = '1' then
        x0_d2 <= x0_d1;
        x0_d3 <= x0_d2;
        x1_d2 <= x1_d1;
        x1_d3 <= x1_d2;
      end if;
    end if;
  end process;

  process (clk) is
  begin
    if rising_edge(clk) then
      out_valid <= in_valid and live(4) and not rst;
    end if;
  end process;
  y0 <= std_logic_vector(y0_word);
end architecture rtl;
