-- pare_axis_driver.vhd: feeds packets to an AXI4-Stream design and compares every result.
--
-- Reads stimulus.hex and expected.hex (a line per sample; LANE bits per port, the first port lowest) and segments.hex (a
-- line per packet: its length) from the working folder. It starts with a part of a packet that a reset drops. Packets then
-- take turns: no stalls, stalls of the source, of the sink, of both. Without stalls a sample has to be taken in every clock
-- of a packet. Data and tlast have to stay while tvalid waits for tready.
--
-- Writes what the design gave, in the form of expected.hex, to actual.hex.
-- Prints MISMATCH or PROTOCOL for the first fault, and last either PASS or FAIL.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity pare_axis_driver is
  generic (
    INPUTS  : positive := 1;
    OUTPUTS : positive := 1;
    LANE    : positive := 16;
    SAMPLES : positive := 1;
    FLUSH   : natural  := 0;
    NAMES   : string   := "y0 " -- of the outputs, a space behind each
  );
  port (
    aclk     : out std_logic;
    aresetn  : out std_logic;
    in_bus   : out std_logic_vector(INPUTS * LANE - 1 downto 0);
    s_tvalid : out std_logic;
    s_tready : in  std_logic;
    s_tlast  : out std_logic;
    out_bus  : in  std_logic_vector(OUTPUTS * LANE - 1 downto 0);
    m_tvalid : in  std_logic;
    m_tready : out std_logic;
    m_tlast  : in  std_logic
  );
end entity pare_axis_driver;

architecture sim of pare_axis_driver is

  -- The number as people write it; x when a bit is unknown. Integers of VHDL are too short for wide words.
  function decimal(word : std_logic_vector) return string is
    variable magnitude : unsigned(word'length downto 0) := unsigned(resize(signed(word), word'length + 1));
    variable digits    : string(1 to word'length / 3 + 2) := (others => '0');
    variable place     : natural;
    variable first     : positive := digits'high;
    constant NEGATIVE  : boolean := signed(word) < 0;
  begin
    if is_x(word) then
      return "x";
    end if;
    if NEGATIVE then
      magnitude := 0 - magnitude;
    end if;
    for i in magnitude'range loop
      place := 0;
      if magnitude(i) = '1' then
        place := 1;
      end if;
      for d in digits'reverse_range loop
        place     := place + 2 * (character'pos(digits(d)) - character'pos('0'));
        digits(d) := character'val(character'pos('0') + place mod 10);
        place     := place / 10;
        if digits(d) /= '0' and d < first then
          first := d;
        end if;
      end loop;
    end loop;
    if NEGATIVE then
      return "-" & digits(first to digits'high);
    end if;
    return digits(first to digits'high);
  end function;

  -- The name of an output.
  function port_name(index : natural) return string is
    variable start : positive := NAMES'low;
    variable count : natural  := 0;
  begin
    for i in NAMES'range loop
      if NAMES(i) = ' ' then
        if count = index then
          return NAMES(start to i - 1);
        end if;
        count := count + 1;
        start := i + 1;
      end if;
    end loop;
    return "?";
  end function;

  procedure say(text : string) is
    variable words : line;
  begin
    write(words, text);
    writeline(output, words);
  end procedure;

  -- A number in hexadecimal digits, as many as the line has.
  procedure read_count(words : inout line; count : out natural) is
    variable total : natural := 0;
  begin
    for i in words'range loop
      case words(i) is
        when '0' to '9' => total := 16 * total + character'pos(words(i)) - character'pos('0');
        when 'a' to 'f' => total := 16 * total + character'pos(words(i)) - character'pos('a') + 10;
        when others     => report "segments.hex is no list of hexadecimal numbers" severity failure;
      end case;
    end loop;
    count := total;
  end procedure;

  signal clock : std_logic := '0';
begin
  aclk  <= clock;
  clock <= not clock after 5 ns;

  process is
    file stimulus    : text open read_mode is "stimulus.hex";
    file expected    : text open read_mode is "expected.hex";
    file lengths     : text open read_mode is "segments.hex";
    file out_lengths : text open read_mode is "segments.hex";
    file results     : text open write_mode is "actual.hex";
    variable words   : line;
    variable noise   : unsigned(31 downto 0) := x"2545F491";
    variable given   : std_logic_vector(INPUTS * LANE - 1 downto 0) := (others => '0');
    variable want    : std_logic_vector(OUTPUTS * LANE - 1 downto 0);
    variable old_bus : std_logic_vector(OUTPUTS * LANE - 1 downto 0);
    -- What the source presents, and what the sink waits for.
    variable segment, place, length, fed               : natural := 0;
    variable out_segment, out_place, out_length, checked : natural := 0;
    variable mismatches, clocks                        : natural := 0;
    variable is_valid, is_ready, is_last, taken, held  : boolean := false;
    variable old_last, want_last                       : std_logic;
    variable stalls_source, stalls_sink                : boolean;

    procedure scramble is
    begin
      noise := noise xor shift_left(noise, 13);
      noise := noise xor shift_right(noise, 17);
      noise := noise xor shift_left(noise, 5);
    end procedure;

    procedure draw_noise is
    begin
      for i in given'range loop
        given(i) := not given(i) xor noise(i mod 32);
      end loop;
    end procedure;

    function bit_of(value : boolean) return std_logic is
    begin
      if value then
        return '1';
      end if;
      return '0';
    end function;

    procedure fault(name : string; right, there : std_logic) is
    begin
      if mismatches = 0 then
        say("PROTOCOL segment " & integer'image(out_segment) & " sample " & integer'image(out_place)
          & " " & name & " expected " & std_logic'image(right)(2) & " got "
          & std_logic'image(there)(2));
      end if;
      mismatches := mismatches + 1;
    end procedure;

    procedure check_result is
    begin
      if out_place = 0 then
        readline(out_lengths, words);
        read_count(words, out_length);
      end if;
      readline(expected, words);
      hread(words, want);
      for p in 0 to OUTPUTS - 1 loop
        if out_bus((p + 1) * LANE - 1 downto p * LANE) /= want((p + 1) * LANE - 1 downto p * LANE) then
          if mismatches = 0 then
            say("MISMATCH segment " & integer'image(out_segment) & " sample "
              & integer'image(out_place) & " port " & port_name(p)
              & " expected " & decimal(want((p + 1) * LANE - 1 downto p * LANE))
              & " got " & decimal(out_bus((p + 1) * LANE - 1 downto p * LANE)));
          end if;
          mismatches := mismatches + 1;
        end if;
      end loop;
      want_last := bit_of(out_place + 1 = out_length);
      if m_tlast /= want_last then
        fault("m_axis_tlast", want_last, m_tlast);
      end if;
      hwrite(words, out_bus);
      writeline(results, words);
      checked   := checked + 1;
      out_place := out_place + 1;
      if want_last = '1' then
        out_segment := out_segment + 1;
        out_place   := 0;
      end if;
    end procedure;

    -- One clock: inputs are set at the falling edge, and everything is looked at when the rising edge comes.
    procedure tick is
    begin
      wait until falling_edge(clock);
      scramble;
      stalls_source := segment mod 4 = 1 or segment mod 4 = 3;
      stalls_sink   := segment mod 4 >= 2;
      if taken then
        is_valid := false;
      end if;
      if not is_valid then
        draw_noise;
        is_last := noise(5) = '1';
        if fed < SAMPLES and not (stalls_source and noise(1 downto 0) /= 0) then
          if place = 0 then
            readline(lengths, words);
            read_count(words, length);
          end if;
          readline(stimulus, words);
          hread(words, given);
          is_last  := place + 1 = length;
          is_valid := true;
        end if;
      end if;
      is_ready := not (stalls_sink and noise(8 downto 7) /= 0);
      in_bus   <= given;
      s_tvalid <= bit_of(is_valid);
      s_tlast  <= bit_of(is_last);
      m_tready <= bit_of(is_ready);
      wait until rising_edge(clock);
      clocks := clocks + 1;
      taken  := is_valid and s_tready = '1';
      if is_x(s_tready) then
        fault("s_axis_tready", '1', s_tready);
      end if;
      if is_valid and not taken and place > 0 and not stalls_source and not stalls_sink then
        fault("s_axis_tready", '1', s_tready);
      end if;
      if is_x(m_tvalid) then
        fault("m_axis_tvalid", '0', m_tvalid);
      end if;
      if held and (m_tvalid /= '1' or out_bus /= old_bus or m_tlast /= old_last) then
        fault("m_axis_tvalid", '1', m_tvalid);
      end if;
      if m_tvalid = '1' and is_ready then
        -- No result may come before its sample.
        if checked >= fed then
          fault("m_axis_tvalid", '0', m_tvalid);
        else
          check_result;
        end if;
      end if;
      held     := m_tvalid = '1' and not is_ready;
      old_bus  := out_bus;
      old_last := m_tlast;
      if taken then
        fed   := fed + 1;
        place := place + 1;
        if is_last then
          segment := segment + 1;
          place   := 0;
        end if;
      end if;
    end procedure;
  begin
    s_tlast  <= '0';
    s_tvalid <= '0';
    m_tready <= '0';
    aresetn  <= '0';
    in_bus   <= given;
    wait until falling_edge(clock);
    aresetn  <= '1';
    s_tvalid <= '1';
    for i in 1 to FLUSH + 8 loop
      scramble;
      draw_noise;
      in_bus <= given;
      wait until falling_edge(clock);
    end loop;
    s_tvalid <= '0';
    aresetn  <= '0';
    wait until falling_edge(clock);
    aresetn <= '1';
    while checked < SAMPLES and clocks < 16 * (SAMPLES + SAMPLES * (FLUSH + 4)) + 1000 loop
      tick;
    end loop;
    if checked < SAMPLES then
      fault("m_axis_tvalid", '1', m_tvalid);
    end if;
    for i in 1 to FLUSH + 8 loop
      tick;
    end loop;
    file_close(results);
    if mismatches = 0 then
      say("PASS samples " & integer'image(checked));
    else
      say("FAIL mismatches " & integer'image(mismatches));
    end if;
    std.env.finish;
    wait;
  end process;
end architecture sim;
