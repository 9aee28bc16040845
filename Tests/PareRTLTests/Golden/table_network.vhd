-- table_network.vhd (VHDL-2008)
-- latency 13, look-ahead 1, 35 adders (505 bits), 0 multipliers, 917 register bits
--
-- A sample is accepted in each clock with in_valid high. Result k is shown, with out_valid
-- high, in the clock after the one that accepts sample k + 13. rst is synchronous.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity table_network is
  port (
    clk       : in  std_logic;
    rst       : in  std_logic;
    in_valid  : in  std_logic;
    xi        : in  std_logic_vector(11 downto 0);  -- <12,3>
    xq        : in  std_logic_vector(11 downto 0);  -- <12,3>
    out_valid : out std_logic;
    yi        : out std_logic_vector(11 downto 0);  -- <12,3>
    yq        : out std_logic_vector(11 downto 0)   -- <12,3>
  );
end entity table_network;

architecture rtl of table_network is
  -- keeps tables out of block memory
  attribute rom_style : string;

  type table0_t is array (0 to 15) of signed(10 downto 0);
  constant table0 : table0_t := (
    0 => to_signed(5, 11),
    1 => to_signed(69, 11),
    2 => to_signed(133, 11),
    3 => to_signed(197, 11),
    4 => to_signed(261, 11),
    5 => to_signed(325, 11),
    6 => to_signed(389, 11),
    7 => to_signed(453, 11),
    8 => to_signed(517, 11),
    9 => to_signed(581, 11),
    10 => to_signed(645, 11),
    11 => to_signed(709, 11),
    12 => to_signed(773, 11),
    13 => to_signed(837, 11),
    14 => to_signed(901, 11),
    15 => to_signed(965, 11)
  );
  attribute rom_style of table0 : constant is "distributed";

  -- live(k): at least k samples were accepted since the reset
  signal live : std_logic_vector(13 downto 1);

  -- stage 1
  signal xi_d1 : signed(11 downto 0);    -- xi[n]  [-2048, 2047]
  signal xq_d1 : signed(11 downto 0);    -- xq[n]  [-2048, 2047]
  signal l0c0_a0 : signed(13 downto 0);  -- -2*xi[n-1] + xq[n-1]  [-6142, 6143]
  signal l0c1_a0 : signed(12 downto 0);  -- xi[n-1] + xq[n-1]  [-4096, 4094]

  -- stage 2
  signal l0c0_a1 : signed(13 downto 0);  -- -2*xi[n-1] + xq[n-1]  [-6142, 6143]
  signal l0c0_a2 : signed(17 downto 0);  -- -32*xq[n-1] - 18281  [-83785, 47255]
  signal l0c0_a3 : signed(14 downto 0);  -- 2*xi[n] - 2*xi[n-1] + xq[n-1]  [-10238, 10237]
  signal l0c1_a1 : signed(12 downto 0);  -- xi[n-1] + xq[n-1]  [-4096, 4094]
  signal l0c1_a2 : signed(16 downto 0);  -- 16*xi[n-1] + 12073  [-20695, 44825]
  signal l0c1_a4 : signed(15 downto 0);  -- xi[n-1] - 8*xq[n] + xq[n-1]  [-20472, 20478]

  -- stage 3
  signal l0c0_a4 : signed(14 downto 0);  -- xi[n] - 4*xi[n-1] + 2*xq[n-1]  [-14332, 14333]
  signal l0c0_a5 : signed(18 downto 0);  -- 2*xi[n] - 2*xi[n-1] - 63*xq[n-1] - 36562  [-173713, 100652]
  signal l0c1_a3 : signed(16 downto 0);  -- xi[n] - 16*xq[n-1]  [-34800, 34815]
  signal l0c1_a5 : signed(13 downto 0);  -- -2*xi[n] + xi[n-1] + xq[n-1]  [-8190, 8190]
  signal l0c1_a6 : signed(12 downto 0);  -- xi[n] + xq[n]  [-4096, 4094]
  signal l0c1_a7 : signed(17 downto 0);  -- -31*xi[n-1] - 8*xq[n] + xq[n-1] - 24146  [-106027, 57773]

  -- stage 4
  signal l0c0 : signed(18 downto 0);     -- 10*xi[n] - 34*xi[n-1] - 47*xq[n-1] - 36562  [-222849, 149796]
  signal l0c1_a8 : signed(17 downto 0);  -- 9*xi[n] - 4*xi[n-1] - 20*xq[n-1]  [-67560, 67575]
  signal l0c1_a9 : signed(19 downto 0);  -- 64*xi[n] - 31*xi[n-1] + 56*xq[n] + xq[n-1] - 24146  [-335411, 287029]

  -- stage 5
  signal l0c0_q : signed(11 downto 0);  -- l0c0 >> 6, saturated to <12,3>  [-2048, 2047]
  signal l0c1 : signed(19 downto 0);    -- -46*xi[n] + 23*xi[n-1] - 56*xq[n] - 41*xq[n-1] + 24146  [-315679, 364091]

  -- stage 6
  signal l0c1_q : signed(11 downto 0);  -- l0c1 >> 6, saturated to <12,3>  [-2048, 2047]

  -- stage 8
  signal l0c0_act_adr : unsigned(3 downto 0);
  signal l0c0_act_neg : std_logic;
  signal l0c0_act_ent : signed(10 downto 0);
  signal l0c0_act_entneg : std_logic;
  signal l0c0_act : signed(10 downto 0);  -- table of 16 at |l0c0_q| >> 3  [-965, 965], 0 before the first sample
  signal l1c0_a0 : signed(18 downto 0);   -- 64*xi[n-1] - 15919  [-146991, 115089]
  signal l1c1_a0 : signed(17 downto 0);   -- 32*xq[n-1] + 31117  [-34419, 96621]

  -- stage 9
  signal l0c1_act_adr : unsigned(3 downto 0);
  signal l0c1_act_neg : std_logic;
  signal l0c1_act_ent : signed(10 downto 0);
  signal l0c1_act_entneg : std_logic;
  signal l0c1_act : signed(10 downto 0);  -- table of 16 at |l0c1_q| >> 3  [-965, 965], 0 before the first sample
  signal l1c0_a1 : signed(18 downto 0);   -- 64*xi[n-1] + 16*l0c0_act[n-1] - 15919  [-162431, 130529]
  signal l1c0_a2 : signed(12 downto 0);   -- -2*l0c0_act[n] + l0c1_act[n-1]  [-2895, 2895]
  signal l1c0_a3 : signed(12 downto 0);   -- 2*l0c0_act[n] + l0c1_act[n-1]  [-2895, 2895]
  signal l1c1_a1 : signed(18 downto 0);   -- -64*xq[n-1] + l0c0_act[n-1] - 62234  [-194207, 69803]
  signal l1c1_a2 : signed(12 downto 0);   -- -3*l0c0_act[n-1]  [-2895, 2895]
  signal l1c1_a3 : signed(12 downto 0);   -- 2*l0c0_act[n] + l0c1_act[n-1]  [-2895, 2895]

  -- stage 10
  signal l1c0_a4 : signed(18 downto 0);  -- 64*xi[n-1] + 16*l0c0_act[n-1] + 32*l0c1_act[n-1] - 15919  [-193311, 161409]
  signal l1c0_a5 : signed(12 downto 0);  -- -2*l0c0_act[n] - l0c1_act[n] + l0c1_act[n-1]  [-3860, 3860]
  signal l1c0_a6 : signed(13 downto 0);  -- 2*l0c0_act[n] + 2*l0c1_act[n] + l0c1_act[n-1]  [-4825, 4825]
  signal l1c1_a4 : signed(14 downto 0);  -- 3*l0c0_act[n-1] + 8*l0c1_act[n-1]  [-10615, 10615]
  signal l1c1_a5 : signed(18 downto 0);  -- -64*xq[n-1] + 2*l0c0_act[n] + l0c0_act[n-1] + l0c1_act[n-1] - 62234  [-197102, 72698]

  -- stage 11
  signal l1c0_a7 : signed(18 downto 0);  -- 64*xi[n-1] + 16*l0c0_act[n-1] - 32*l0c1_act[n] + 32*l0c1_act[n-1] - 15919  [-224191, 192289]
  signal l1c0_a8 : signed(15 downto 0);  -- 6*l0c0_act[n] + 7*l0c1_act[n] + 5*l0c1_act[n-1]  [-17370, 17370]
  signal l1c1 : signed(18 downto 0);     -- 64*xq[n-1] - 2*l0c0_act[n] + 11*l0c0_act[n-1] + 31*l0c1_act[n-1] + 62234  [-111298, 235702]

  -- stage 12
  signal l1c0 : signed(18 downto 0);     -- 64*xi[n-1] + 6*l0c0_act[n] + 16*l0c0_act[n-1] - 25*l0c1_act[n] + 37*l0c1_act[n-1] - 15919  [-228051, 196149]
  signal yq_word : signed(11 downto 0);  -- l1c1 >> 6, saturated to <12,3>  [-1740, 2047]

  -- stage 13
  signal yi_word : signed(11 downto 0);  -- l1c0 >> 6, saturated to <12,3>  [-2048, 2047]

  -- delay lines: a wire 1, 2, ... accepted samples later
  signal xi_d2, xi_d3, xi_d4, xi_d5, xi_d6, xi_d7, xi_d8 : signed(11 downto 0);
  signal xq_d2, xq_d3, xq_d4, xq_d5, xq_d6, xq_d7, xq_d8 : signed(11 downto 0);
  signal l0c0_act_d1 : signed(10 downto 0);
  signal l0c1_act_d1 : signed(10 downto 0);
  signal yq_word_d1 : signed(11 downto 0);

  -- between registers
  signal xi_s : signed(11 downto 0);  -- xi[n]  [-2048, 2047]
  signal xq_s : signed(11 downto 0);  -- xq[n]  [-2048, 2047]
  signal l0c0_q_x : signed(12 downto 0);
  signal l0c0_q_f : std_logic;
  signal l0c0_act_m : unsigned(10 downto 0);
  signal l0c0_act_i : unsigned(7 downto 0);
  signal l0c1_q_x : signed(13 downto 0);
  signal l0c1_q_f : std_logic;
  signal l0c1_act_m : unsigned(10 downto 0);
  signal l0c1_act_i : unsigned(7 downto 0);
  signal yi_word_x : signed(12 downto 0);
  signal yi_word_f : std_logic;
  signal yq_word_x : signed(12 downto 0);
  signal yq_word_f : std_logic;
begin
  xi_s <= signed(xi);
  xq_s <= signed(xq);
  l0c0_q_x <= l0c0(18 downto 6);
  l0c0_q_f <= (and l0c0_q_x(12 downto 11)) or (nor l0c0_q_x(12 downto 11));
  l0c0_act_m <= unsigned(not l0c0_q(10 downto 0)) when l0c0_q(11) = '1' else unsigned(l0c0_q(10 downto 0));
  l0c0_act_i <= resize(shift_right(l0c0_act_m, 3), 8);
  l0c1_q_x <= l0c1(19 downto 6);
  l0c1_q_f <= (and l0c1_q_x(13 downto 11)) or (nor l0c1_q_x(13 downto 11));
  l0c1_act_m <= unsigned(not l0c1_q(10 downto 0)) when l0c1_q(11) = '1' else unsigned(l0c1_q(10 downto 0));
  l0c1_act_i <= resize(shift_right(l0c1_act_m, 3), 8);
  yi_word_x <= l1c0(18 downto 6);
  yi_word_f <= (and yi_word_x(12 downto 11)) or (nor yi_word_x(12 downto 11));
  yq_word_x <= l1c1(18 downto 6);
  yq_word_f <= yq_word_x(12) or (nor yq_word_x(11 downto 11));

  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        live <= (others => '0');
      elsif in_valid = '1' then
        live <= live(12 downto 1) & '1';
      end if;
    end if;
  end process;

  -- stage 1
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        xi_d1 <= (others => '0');
        xq_d1 <= (others => '0');
        l0c0_a0 <= (others => '0');
        l0c1_a0 <= (others => '0');
      elsif in_valid = '1' then
        xi_d1   <= xi_s;
        xq_d1   <= xq_s;
        l0c0_a0 <= resize(xq_d1, 14) - shift_left(resize(xi_d1, 14), 1);
        l0c1_a0 <= resize(xi_d1, 13) + resize(xq_d1, 13);
      end if;
    end if;
  end process;

  -- stage 2
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c0_a1 <= (others => '0');
        l0c0_a2 <= (others => '0');
        l0c0_a3 <= (others => '0');
        l0c1_a1 <= (others => '0');
        l0c1_a2 <= (others => '0');
        l0c1_a4 <= (others => '0');
      elsif in_valid = '1' then
        l0c0_a1 <= resize(xq_d2, 14) - shift_left(resize(xi_d2, 14), 1);
        l0c0_a2 <= to_signed(-18281, 18) - shift_left(resize(xq_d2, 18), 5);
        l0c0_a3 <= shift_left(resize(xi_d1, 15), 1) + resize(l0c0_a0, 15);
        l0c1_a1 <= resize(xi_d2, 13) + resize(xq_d2, 13);
        l0c1_a2 <= to_signed(12073, 17) + shift_left(resize(xi_d2, 17), 4);
        l0c1_a4 <= resize(l0c1_a0, 16) - shift_left(resize(xq_d1, 16), 3);
      end if;
    end if;
  end process;

  -- stage 3
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c0_a4 <= (others => '0');
        l0c0_a5 <= (others => '0');
        l0c1_a3 <= (others => '0');
        l0c1_a5 <= (others => '0');
        l0c1_a6 <= (others => '0');
        l0c1_a7 <= (others => '0');
      elsif in_valid = '1' then
        l0c0_a4 <= resize(xi_d2, 15) + shift_left(resize(l0c0_a1, 15), 1);
        l0c0_a5 <= shift_left(resize(l0c0_a2, 19), 1) + resize(l0c0_a3, 19);
        l0c1_a3 <= resize(xi_d2, 17) - shift_left(resize(xq_d3, 17), 4);
        l0c1_a5 <= resize(l0c1_a1, 14) - shift_left(resize(xi_d2, 14), 1);
        l0c1_a6 <= resize(xi_d2, 13) + resize(xq_d2, 13);
        l0c1_a7 <= resize(l0c1_a4, 18) - shift_left(resize(l0c1_a2, 18), 1);
      end if;
    end if;
  end process;

  -- stage 4
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c0 <= (others => '0');
        l0c1_a8 <= (others => '0');
        l0c1_a9 <= (others => '0');
      elsif in_valid = '1' then
        l0c0    <= shift_left(resize(l0c0_a4, 19), 3) + l0c0_a5;
        l0c1_a8 <= resize(l0c1_a3, 18) - shift_left(resize(l0c1_a5, 18), 2);
        l0c1_a9 <= shift_left(resize(l0c1_a6, 20), 6) + resize(l0c1_a7, 20);
      end if;
    end if;
  end process;

  -- stage 5
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c0_q <= (others => '0');
        l0c1 <= (others => '0');
      elsif in_valid = '1' then
        l0c0_q <= l0c0_q_x(11 downto 0) when l0c0_q_f = '1' else to_signed(-2048, 12) when l0c0_q_x(12) = '1' else to_signed(2047, 12);
        l0c1   <= shift_left(resize(l0c1_a8, 20), 1) - l0c1_a9;
      end if;
    end if;
  end process;

  -- stage 6
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c1_q <= (others => '0');
      elsif in_valid = '1' then
        l0c1_q <= l0c1_q_x(11 downto 0) when l0c1_q_f = '1' else to_signed(-2048, 12) when l0c1_q_x(13) = '1' else to_signed(2047, 12);
      end if;
    end if;
  end process;

  -- stage 8
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c0_act_adr <= (others => '0');
        l0c0_act_neg <= '0';
        l0c0_act_ent <= (others => '0');
        l0c0_act_entneg <= '0';
        l1c0_a0 <= (others => '0');
        l1c1_a0 <= (others => '0');
      elsif in_valid = '1' then
        l0c0_act_adr    <= to_unsigned(15, 4) when (or l0c0_act_i(7 downto 4)) = '1' else l0c0_act_i(3 downto 0);
        l0c0_act_neg    <= l0c0_q(11);
        l0c0_act_ent    <= table0(to_integer(l0c0_act_adr));
        l0c0_act_entneg <= l0c0_act_neg;
        l1c0_a0         <= to_signed(-15919, 19) + shift_left(resize(xi_d8, 19), 6);
        l1c1_a0         <= to_signed(31117, 18) + shift_left(resize(xq_d8, 18), 5);
      end if;
    end if;
  end process;

  -- stage 8, 0 until the first sample is there
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' or live(7) = '0' then
        l0c0_act <= (others => '0');
      elsif in_valid = '1' then
        l0c0_act <= -l0c0_act_ent when l0c0_act_entneg = '1' else l0c0_act_ent;
      end if;
    end if;
  end process;

  -- stage 9
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l0c1_act_adr <= (others => '0');
        l0c1_act_neg <= '0';
        l0c1_act_ent <= (others => '0');
        l0c1_act_entneg <= '0';
        l1c0_a1 <= (others => '0');
        l1c0_a2 <= (others => '0');
        l1c0_a3 <= (others => '0');
        l1c1_a1 <= (others => '0');
        l1c1_a2 <= (others => '0');
        l1c1_a3 <= (others => '0');
      elsif in_valid = '1' then
        l0c1_act_adr    <= to_unsigned(15, 4) when (or l0c1_act_i(7 downto 4)) = '1' else l0c1_act_i(3 downto 0);
        l0c1_act_neg    <= l0c1_q(11);
        l0c1_act_ent    <= table0(to_integer(l0c1_act_adr));
        l0c1_act_entneg <= l0c1_act_neg;
        l1c0_a1         <= l1c0_a0 + shift_left(resize(l0c0_act_d1, 19), 4);
        l1c0_a2         <= resize(l0c1_act, 13) - shift_left(resize(l0c0_act, 13), 1);
        l1c0_a3         <= resize(l0c1_act, 13) + shift_left(resize(l0c0_act, 13), 1);
        l1c1_a1         <= resize(l0c0_act_d1, 19) - shift_left(resize(l1c1_a0, 19), 1);
        l1c1_a2         <= resize(l0c0_act_d1, 13) - shift_left(resize(l0c0_act_d1, 13), 2);
        l1c1_a3         <= resize(l0c1_act, 13) + shift_left(resize(l0c0_act, 13), 1);
      end if;
    end if;
  end process;

  -- stage 9, 0 until the first sample is there
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' or live(8) = '0' then
        l0c1_act <= (others => '0');
      elsif in_valid = '1' then
        l0c1_act <= -l0c1_act_ent when l0c1_act_entneg = '1' else l0c1_act_ent;
      end if;
    end if;
  end process;

  -- stage 10
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l1c0_a4 <= (others => '0');
        l1c0_a5 <= (others => '0');
        l1c0_a6 <= (others => '0');
        l1c1_a4 <= (others => '0');
        l1c1_a5 <= (others => '0');
      elsif in_valid = '1' then
        l1c0_a4 <= shift_left(resize(l0c1_act_d1, 19), 5) + l1c0_a1;
        l1c0_a5 <= l1c0_a2 - resize(l0c1_act, 13);
        l1c0_a6 <= shift_left(resize(l0c1_act, 14), 1) + resize(l1c0_a3, 14);
        l1c1_a4 <= shift_left(resize(l0c1_act_d1, 15), 3) - resize(l1c1_a2, 15);
        l1c1_a5 <= l1c1_a1 + resize(l1c1_a3, 19);
      end if;
    end if;
  end process;

  -- stage 11
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l1c0_a7 <= (others => '0');
        l1c0_a8 <= (others => '0');
        l1c1 <= (others => '0');
      elsif in_valid = '1' then
        l1c0_a7 <= l1c0_a4 - shift_left(resize(l0c1_act_d1, 19), 5);
        l1c0_a8 <= resize(l1c0_a5, 16) + shift_left(resize(l1c0_a6, 16), 2);
        l1c1    <= shift_left(resize(l1c1_a4, 19), 2) - l1c1_a5;
      end if;
    end if;
  end process;

  -- stage 12
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        l1c0 <= (others => '0');
        yq_word <= (others => '0');
      elsif in_valid = '1' then
        l1c0    <= l1c0_a7 + resize(l1c0_a8, 19);
        yq_word <= yq_word_x(11 downto 0) when yq_word_f = '1' else to_signed(2047, 12);
      end if;
    end if;
  end process;

  -- stage 13
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        yi_word <= (others => '0');
      elsif in_valid = '1' then
        yi_word <= yi_word_x(11 downto 0) when yi_word_f = '1' else to_signed(-2048, 12) when yi_word_x(12) = '1' else to_signed(2047, 12);
      end if;
    end if;
  end process;

  -- delay lines
  process (clk) is
  begin
    if rising_edge(clk) then
      if rst = '1' then
        xi_d2 <= (others => '0');
        xi_d3 <= (others => '0');
        xi_d4 <= (others => '0');
        xi_d5 <= (others => '0');
        xi_d6 <= (others => '0');
        xi_d7 <= (others => '0');
        xi_d8 <= (others => '0');
        xq_d2 <= (others => '0');
        xq_d3 <= (others => '0');
        xq_d4 <= (others => '0');
        xq_d5 <= (others => '0');
        xq_d6 <= (others => '0');
        xq_d7 <= (others => '0');
        xq_d8 <= (others => '0');
        l0c0_act_d1 <= (others => '0');
        l0c1_act_d1 <= (others => '0');
        yq_word_d1 <= (others => '0');
      elsif in_valid = '1' then
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
      end if;
    end if;
  end process;

  process (clk) is
  begin
    if rising_edge(clk) then
      out_valid <= in_valid and live(13) and not rst;
    end if;
  end process;
  yi <= std_logic_vector(yi_word);
  yq <= std_logic_vector(yq_word_d1);
end architecture rtl;
