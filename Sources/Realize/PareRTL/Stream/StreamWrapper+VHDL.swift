import PareNumerics
import PareText

extension StreamWrapper {
  func vhdl() -> String {
    var out = SourceWriter(commentPrefix: "--")
    out.comment("\(name)_axis.vhd (VHDL-2008)")
    for line in preamble { out.line(line.isEmpty ? "--" : "-- \(line)") }
    VHDLPort.writeEntity(
      "\(name)_axis",
      [
        .init("aclk", "in"), .init("aresetn", "in"),
        .init("s_axis_tdata", "in", bits: inputs.bits), .init("s_axis_tvalid", "in"),
        .init("s_axis_tready", "out"), .init("s_axis_tlast", "in"),
        .init("m_axis_tdata", "out", bits: outputs.bits), .init("m_axis_tvalid", "out"),
        .init("m_axis_tready", "in"), .init("m_axis_tlast", "out"),
      ], &out)
    out.lines(
      """

      architecture rtl of \(name)_axis is
        -- FEED: samples are accepted. FLUSH: zeros are fed. LAST: the packet's last result stands at the core.
        type state_t is (LAST, FEED, FLUSH);
        signal state : state_t;
      """)
    out.indented { out in
      if flush > 0 {
        out.line(
          "signal zeros : unsigned(\(flushBits - 1) downto 0);",
          comment: "still to be fed, less one")
      }
      out.lines(
        """
        signal waiting : std_logic;  -- the core still shows a result that it showed before
        signal full : std_logic;     -- kept holds a result
        signal kept_last : std_logic;
        signal kept, result : std_logic_vector(\(outputs.bits - 1) downto 0);
        signal core_out_valid, core_rst, ready, accept, step, shown, finish, keep_it : std_logic;
        """)
      for slot in inputs.slots {
        out.line(
          "signal in_\(slot.port) : std_logic_vector(\(slot.format.wordLength - 1) downto 0);")
      }
      for slot in outputs.slots {
        out.line(
          "signal core_\(slot.port) : std_logic_vector(\(slot.format.wordLength - 1) downto 0);")
      }
    }
    out.line("begin")
    out.indented { out in
      out.lines(
        """
        ready  <= not full when state = FEED else '0';
        accept <= s_axis_tvalid and ready;
        step   <= \(flush > 0 ? "not full when state = FLUSH else accept" : "accept");
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
                    state <= \(flush > 0 ? "FLUSH" : "LAST");
                  end if;
                when FLUSH =>
                  if \(flush > 0 ? "full = '0' and zeros = 0" : "full = '0'") then
                    state <= LAST;
                  end if;
                when others =>
                  if full = '0' then
                    state <= FEED;
                  end if;
              end case;
            end if;
        """)
      if flush > 0 {
        out.lines(
          """
              if state = FEED then
                zeros <= to_unsigned(\(flush - 1), \(flushBits));
              elsif full = '0' then
                zeros <= zeros - 1;
              end if;
          """)
      }
      out.lines(
        """
            if keep_it = '1' then
              kept      <= result;
              kept_last <= '1' when state = LAST else '0';
            end if;
          end if;
        end process;

        """)
      for slot in inputs.slots {
        let word = "s_axis_tdata(\(slot.high) downto \(slot.low))"
        out.line(
          "in_\(slot.port) <= \(word)\(flush > 0 ? " when state = FEED else (others => '0')" : "");"
        )
      }
      for slot in outputs.slots {
        let cast = slot.format.isSigned ? "signed" : "unsigned"
        out.line(
          "result(\(slot.low + slot.bits - 1) downto \(slot.low)) <= "
            + "std_logic_vector(resize(\(cast)(core_\(slot.port)), \(slot.bits)));")
      }
      out.line("core_rst <= finish or not aresetn;")
      out.line()
      out.line("core : entity work.\(name)")
      out.line("  port map (")
      let ports =
        ["clk => aclk, rst => core_rst, in_valid => step, out_valid => core_out_valid"]
        + inputs.slots.map { "\($0.port) => in_\($0.port)" }
        + outputs.slots.map { "\($0.port) => core_\($0.port)" }
      out.indented { out in
        out.indented { out in
          for (index, port) in ports.enumerated() {
            out.line(port + (index == ports.count - 1 ? "" : ","))
          }
        }
      }
      out.line("  );")
    }
    out.line("end architecture rtl;")
    return out.finish()
  }
}
