-- every_op_axis.vhd (VHDL-2008)
-- AXI4-Stream around every_op: one beat, one sample of every channel.
--
-- s_axis_tdata: x0 <8,4> in bits 7:0, x1 u<6,2> in bits 13:8
-- m_axis_tdata: y0 <11,7> in bits 10:0, y1 <6,4> in bits 21:16, y2 u<3,1> in bits 26:24, y3 <8,4> in bits 39:32, y4 <8,4> in bits 47:40, y5 <4,4> in bits 51:48
-- Bits above a word in its slot are its sign (0 for unsigned words), and are not looked at on input.
--
-- tlast ends a packet: 4 zero samples push out the results that are still inside, so that a packet of N
-- samples gives N results, the last with tlast. Then the core is reset for one clock, and the next packet starts
-- from the zero state. Between two packets s_axis_tready is low for 5 clocks, or more when the results are
-- not taken. A stream without tlast is never flushed or reset: its last 4 results stay inside.
--
-- aresetn is synchronous, one clock is enough; it drops what is inside. s_axis_tready is low during the reset and
-- the clock after it.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity every_op_axis is
  port (
    aclk          : in  std_logic;
    aresetn       : in  std_logic;
    s_axis_tdata  : in  std_logic_vector(15 downto 0);
    s_axis_tvalid : in  std_logic;
    s_axis_tready : out std_logic;
    s_axis_tlast  : in  std_logic;
    m_axis_tdata  : out std_logic_vector(55 downto 0);
    m_axis_tvalid : out std_logic;
    m_axis_tready : in  std_logic;
    m_axis_tlast  : out std_logic
  );
end entity every_op_axis;

architecture rtl of every_op_axis is
  -- FEED: samples are accepted. FLUSH: zeros are fed. LAST: the packet's last result stands at the core.
  type state_t is (LAST, FEED, FLUSH);
  signal state : state_t;
  signal zeros : unsigned(2 downto 0);  -- still to be fed, less one
  signal waiting : std_logic;  -- the core still shows a result that it showed before
  signal full : std_logic;     -- kept holds a result
  signal kept_last : std_logic;
  signal kept, result : std_logic_vector(55 downto 0);
  signal core_out_valid, core_rst, ready, accept, step, shown, finish, keep_it : std_logic;
  signal in_x0 : std_logic_vector(7 downto 0);
  signal in_x1 : std_logic_vector(5 downto 0);
  signal core_y0 : std_logic_vector(10 downto 0);
  signal core_y1 : std_logic_vector(5 downto 0);
  signal core_y2 : std_logic_vector(2 downto 0);
  signal core_y3 : std_logic_vector(7 downto 0);
  signal core_y4 : std_logic_vector(7 downto 0);
  signal core_y5 : std_logic_vector(3 downto 0);
begin
  ready  <= not full when state = FEED else '0';
  accept <= s_axis_tvalid and ready;
  step   <= not full when state = FLUSH else accept;
  shown  <= core_out_valid or waiting;
  finish <= not full when state = LAST else '0';
  keep_it <= shown and not full and not m_axis_tready and (step or finish);

  s_axis_tready <= ready;
  m_axis_tvalid <= full or shown;
  m_axis_tdata  <= kept when full = '1' else result;
  m_axis_tlast  <= kept_last when full = '1' else '1' when state = LAST else '0';

  process (aclk) is
  begin
    if rising_edge(aclk) then
      if aresetn = '0' then
        state   <= LAST;
        waiting <= '0';
        full    <= '0';
      else
        waiting <= shown and not step and not finish and (full or not m_axis_tready);
        if keep_it = '1' then
          full <= '1';
        elsif m_axis_tready = '1' then
          full <= '0';
        end if;
        case state is
          when FEED =>
            if accept = '1' and s_axis_tlast = '1' then
              state <= FLUSH;
            end if;
          when FLUSH =>
            if full = '0' and zeros = 0 then
              state <= LAST;
            end if;
          when others =>
            if full = '0' then
              state <= FEED;
            end if;
        end case;
      end if;
      if state = FEED then
        zeros <= to_unsigned(3, 3);
      elsif full = '0' then
        zeros <= zeros - 1;
      end if;
      if keep_it = '1' then
        kept      <= result;
        kept_last <= '1' when state = LAST else '0';
      end if;
    end if;
  end process;

  in_x0 <= s_axis_tdata(7 downto 0) when state = FEED else (others => '0');
  in_x1 <= s_axis_tdata(13 downto 8) when state = FEED else (others => '0');
  result(15 downto 0) <= std_logic_vector(resize(signed(core_y0), 16));
  result(23 downto 16) <= std_logic_vector(resize(signed(core_y1), 8));
  result(31 downto 24) <= std_logic_vector(resize(unsigned(core_y2), 8));
  result(39 downto 32) <= std_logic_vector(resize(signed(core_y3), 8));
  result(47 downto 40) <= std_logic_vector(resize(signed(core_y4), 8));
  result(55 downto 48) <= std_logic_vector(resize(signed(core_y5), 8));
  core_rst <= finish or not aresetn;

  core : entity work.every_op
    port map (
      clk => aclk, rst => core_rst, in_valid => step, out_valid => core_out_valid,
      x0 => in_x0,
      x1 => in_x1,
      y0 => core_y0,
      y1 => core_y1,
      y2 => core_y2,
      y3 => core_y3,
      y4 => core_y4,
      y5 => core_y5
    );
end architecture rtl;
