-- pare_row3.vhd: y = a + b + c modulo 2^W, each operand negated when its flag is not 0; at most two flags may be set.
--
-- This is what a row does. pare_row3.v, a Verilog module with the same parameters and ports, builds it of one row of tables
-- and carries of AMD parts; where languages mix it can be read in place of this file.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity pare_row3 is
  generic (
    W  : integer := 8;
    NA : integer := 0;
    NB : integer := 0;
    NC : integer := 0
  );
  port (
    a, b, c : in  std_logic_vector(W - 1 downto 0);
    y       : out std_logic_vector(W - 1 downto 0)
  );
end entity pare_row3;

architecture behavioural of pare_row3 is
  function term(word : std_logic_vector; flag : integer) return signed is
  begin
    if flag /= 0 then
      return -signed(word);
    end if;
    return signed(word);
  end function;
begin
  y <= std_logic_vector(term(a, NA) + term(b, NB) + term(c, NC));
end architecture behavioural;
