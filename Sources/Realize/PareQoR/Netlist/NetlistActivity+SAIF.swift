public import PareTools
import PareText

extension NetlistActivity {
  /// The counts as a file of the Switching Activity Interchange Format, version 2.0, for the power report of a vendor's tool.
  ///
  /// The design is instance `dut` of `tb_NAME`, two levels down, as `read_saif` of Vivado expects. Only nets with a name of the source
  /// are written: those that the synthesis tool made up exist in no other tool.
  ///
  /// - Parameters:
  ///   - netlist: that the counts are of; it has the names.
  ///   - transitions: toggles to write instead of these, such as those with delays, counted on other clocks: they are scaled.
  ///   - clockHz: of the design; times are in picoseconds.
  /// - Precondition: times at 1 were counted.
  /// - Source: IEEE 1801-2018, annex on SAIF; Xilinx UG835, `read_saif`.
  public func saif(
    _ netlist: Netlist, transitions: NetlistActivity? = nil, clockHz: Double, generator: String
  ) -> String {
    precondition(ones.count == toggles.count, "no times at 1 were counted")
    precondition(clockHz > 0 && clockHz.isFinite, "a clock of \(clockHz) Hz")
    let names = NetNames(netlist)
    let period = Int((1e12 / clockHz).rounded())
    let source = transitions ?? self
    var out = SourceWriter()
    out.line("(SAIFILE")
    out.line("(SAIFVERSION \"2.0\")")
    out.line("(DIRECTION \"backward\")")
    out.line("(DESIGN \"\(gates.name)\")")
    out.line("(VENDOR \"Pare\")")
    out.line("(PROGRAM_NAME \"\(generator)\")")
    out.line("(VERSION \"1\")")
    out.line("(DIVIDER / )")
    out.line("(TIMESCALE 1 ps)")
    out.line("(DURATION \(clocks * period))")
    out.line("(INSTANCE tb_\(gates.name)")
    out.indented { out in
      out.line("(INSTANCE dut")
      out.indented { out in
        out.line("(NET")
        out.indented { out in
          // The clock rises and falls once in each period.
          out.line(
            "(\(Self.escaped(gates.clock)) (T0 \(clocks * period / 2)) (T1 \(clocks * period - clocks * period / 2)) (TX 0) (TC \(2 * clocks)) (IG 0))"
          )
          for (index, number) in gates.netNumbers.enumerated() {
            let name = names[number]
            guard name.isOfSource, name.text != gates.clock else { continue }
            let high = ones[index] * period
            let count =
              source.clocks == 0
              ? 0
              : Int(
                (Double(source.toggles[index]) * Double(clocks) / Double(source.clocks)).rounded())
            out.line(
              "(\(Self.escaped(name.text)) (T0 \(clocks * period - high)) (T1 \(high)) (TX 0) (TC \(count)) (IG 0))"
            )
          }
        }
        out.line(")")
      }
      out.line(")")
    }
    out.line(")")
    out.line(")")
    return out.finish()
  }

  /// A backslash before all but letters, digits and underscores.
  static func escaped(_ name: String) -> String {
    var text = ""
    for character in name {
      let isPlain =
        character.isASCII && (character.isLetter || character.isNumber) || character == "_"
      text += isPlain ? "\(character)" : "\\\(character)"
    }
    return text
  }
}
