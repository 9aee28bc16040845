-- pare_driver.vhd: feeds segments of samples to a design and compares every result.
--
-- Reads stimulus.hex and expected.hex (a line per sample; LANE bits per port, the first port lowest) and segments.hex (a
-- line per segment: its length) from the working folder. Each segment starts with one clock of reset, during which
-- in_valid is high to show that reset wins, and ends with FLUSH zero samples. About a quarter of the clocks carry no
-- sample when BUBBLES is true; the input then holds noise.
--
-- Writes what the design gave, in the form of expected.hex, to actual.hex.
-- Prints MISMATCH or PROTOCOL for the first fault, and last either PASS or FAIL.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;

entity pare_driver is
  generic (
    INPUTS  : positive := 1;
    OUTPUTS : positive := 1;
    LANE    : positive := 16;
    FLUSH   : natural  := 0;
    BUBBLES : boolean  := true;
    NAMES   : string   := "y0 " -- of the outputs, a space behind each
  );
  port (
    clk       : out std_logic;
    rst       : out std_logic;
    in_valid  : out std_logic;
    in_bus    : out std_logic_vector(INPUTS * LANE - 1 downto 0);
    out_valid : in  std_logic;
    out_bus   : in  std_logic_vector(OUTPUTS * LANE - 1 downto 0)
  );
end entity pare_driver;

architecture sim of pare_driver is

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
  clk   <= clock;
  clock <= not clock after 5 ns;

  process is
    file stimulus     : text open read_mode is "stimulus.hex";
    file expected     : text open read_mode is "expected.hex";
    file lengths      : text open read_mode is "segments.hex";
    file results      : text open write_mode is "actual.hex";
    variable words    : line;
    variable noise    : unsigned(31 downto 0) := x"2545F491";
    variable given    : std_logic_vector(INPUTS * LANE - 1 downto 0) := (others => '0');
    variable want     : std_logic_vector(OUTPUTS * LANE - 1 downto 0);
    variable segment  : natural := 0;
    variable samples  : natural := 0;
    variable mismatches : natural := 0;
    variable length, fed : natural;
    variable sample   : integer := 0;
    variable is_due   : std_logic;

    -- One clock; the inputs were set before it, the outputs are looked at after it.
    procedure tick is
    begin
      in_bus <= given;
      wait until falling_edge(clock);
      noise := noise xor shift_left(noise, 13);
      noise := noise xor shift_right(noise, 17);
      noise := noise xor shift_left(noise, 5);
      if out_valid /= is_due then
        if mismatches = 0 then
          say("PROTOCOL segment " & integer'image(segment) & " sample " & integer'image(sample)
            & " out_valid expected " & std_logic'image(is_due)(2) & " got "
            & std_logic'image(out_valid)(2));
        end if;
        mismatches := mismatches + 1;
      end if;
    end procedure;

    procedure check_results is
    begin
      for p in 0 to OUTPUTS - 1 loop
        if out_bus((p + 1) * LANE - 1 downto p * LANE) /= want((p + 1) * LANE - 1 downto p * LANE) then
          if mismatches = 0 then
            say("MISMATCH segment " & integer'image(segment) & " sample " & integer'image(sample)
              & " port " & port_name(p)
              & " expected " & decimal(want((p + 1) * LANE - 1 downto p * LANE))
              & " got " & decimal(out_bus((p + 1) * LANE - 1 downto p * LANE)));
          end if;
          mismatches := mismatches + 1;
        end if;
      end loop;
    end procedure;
  begin
    while not endfile(lengths) loop
      readline(lengths, words);
      read_count(words, length);
      rst      <= '1';
      in_valid <= '1';
      given    := not given;
      is_due   := '0';
      tick;
      rst <= '0';
      fed := 0;
      while fed < length + FLUSH loop
        if BUBBLES and noise(1 downto 0) = 0 then
          in_valid <= '0';
          is_due   := '0';
          for i in given'range loop
            given(i) := not given(i) xor noise(i mod 32);
          end loop;
        else
          in_valid <= '1';
          given    := (others => '0');
          if fed < length then
            readline(stimulus, words);
            hread(words, given);
          end if;
          fed    := fed + 1;
          sample := fed - 1 - FLUSH;
          is_due := '1' when fed > FLUSH else '0';
        end if;
        tick;
        if is_due = '1' then
          readline(expected, words);
          hread(words, want);
          check_results;
          hwrite(words, out_bus);
          writeline(results, words);
          samples := samples + 1;
        end if;
      end loop;
      segment := segment + 1;
    end loop;
    file_close(results);
    if mismatches = 0 then
      say("PASS samples " & integer'image(samples));
    else
      say("FAIL mismatches " & integer'image(mismatches));
    end if;
    std.env.finish;
    wait;
  end process;
end architecture sim;
