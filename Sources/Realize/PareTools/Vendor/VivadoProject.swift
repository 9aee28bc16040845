public import PareText

/// A design for Vivado on its way from sources to reports, out of context: no pins, no clock buffers.
///
/// A project is a folder that can be carried to another machine: `vivado -mode batch -source run.tcl` in it makes the reports.
public struct VivadoProject: Sendable, Hashable, Codable {
  public enum Language: String, Sendable, Hashable, Codable {
    case verilog
    case vhdl
  }

  /// Switching activity of a simulation, for the power report.
  public struct Activity: Sendable, Hashable, Codable {
    /// The text of a SAIF file.
    public let saif: String
    /// Instance of the design in it, such as `tb_dpd/dut`; without one Vivado strips the first two levels.
    public let scope: String?

    public init(saif: String, scope: String?) {
      self.saif = saif
      self.scope = scope
    }
  }

  /// Name of the top module or entity.
  public let top: String
  public let language: Language
  /// In the order that they are compiled in.
  public let sources: [SourceFile]
  /// Verilog modules that a VHDL design uses.
  public let cells: [SourceFile]
  /// The maker's name of the part.
  public let part: String
  public let clockMHz: Double
  /// The port that is the clock.
  public let clock: String
  /// Macros that the Verilog is read with.
  public let defines: [String]
  public let activity: Activity?

  public static let defaultPart = "xczu7ev-ffvc1156-2-e"

  public init(
    top: String, language: Language, sources: [SourceFile], cells: [SourceFile] = [],
    part: String = VivadoProject.defaultPart, clockMHz: Double, clock: String = "clk",
    defines: [String] = [], activity: Activity? = nil
  ) {
    precondition(clockMHz > 0, "a clock of \(clockMHz) MHz")
    precondition(!sources.isEmpty, "a project without sources")
    self.top = top
    self.language = language
    self.sources = sources
    self.cells = cells
    self.part = part
    self.clockMHz = clockMHz
    self.clock = clock
    self.defines = defines
    self.activity = activity
  }

  public static let script = "run.tcl"

  var periodNs: Double { 1000 / clockMHz }

  /// Where the script writes its reports, in the folder of the project.
  enum Report {
    static let synthesisUtilization = "reports/utilization_synth.rpt"
    static let synthesisTiming = "reports/timing_synth.rpt"
    static let utilization = "reports/utilization_route.rpt"
    static let timing = "reports/timing_route.rpt"
    static let power = "reports/power_route.rpt"
  }

  /// All files of the project.
  public var files: [SourceFile] {
    (sources + cells).map { SourceFile(path: "src/\($0.path)", text: $0.text) }
      + [
        SourceFile(
          path: "clock.xdc",
          text: "create_clock -name \(clock) -period \(periodNs.fixed(3)) [get_ports \(clock)]\n"),
        SourceFile(path: Self.script, text: tcl),
      ] + (activity.map { [SourceFile(path: "activity.saif", text: $0.saif)] } ?? [])
  }

  private var tcl: String {
    func list(_ files: [SourceFile]) -> String {
      files.map { "[file join $here \("src/\($0.path)".asTclWord)]" }.joined(separator: " ")
    }
    let read =
      switch language {
      case .verilog: "read_verilog [list \(list(sources))]"
      case .vhdl: "read_vhdl -vhdl2008 [list \(list(sources))]"
      }
    let more = cells.isEmpty ? "" : "\nread_verilog [list \(list(cells))]"
    let macros = defines.map { " -verilog_define \($0.asTclWord)" }.joined()
    let saif = activity.map { activity in
      let scope = activity.scope.map { " -strip_path \($0.asTclWord)" } ?? ""
      return """

        # Switching activity of a simulation; nets that are not found in the design are listed.
        read_saif\(scope) -out_file [file join $out nets_without_activity.txt] [file join $here activity.saif]
        """
    }
    return """
      # \(Self.script): \(top) on \(part) at \(clockMHz.fixed(3)) MHz, out of context.
      #
      #   vivado -mode batch -source \(Self.script)
      #
      # Reports go to reports/.
      set here [file dirname [file normalize [info script]]]
      set out [file join $here reports]
      file mkdir $out
      \(read)\(more)
      read_xdc -mode out_of_context [file join $here clock.xdc]
      synth_design -top \(top.asTclWord) -part \(part.asTclWord) -mode out_of_context\(macros)
      report_utilization -file [file join $here \(Report.synthesisUtilization)]
      report_timing_summary -file [file join $here \(Report.synthesisTiming)]
      opt_design
      place_design
      phys_opt_design
      route_design
      write_checkpoint -force [file join $out routed.dcp]
      report_utilization -file [file join $here \(Report.utilization)]
      report_timing_summary -file [file join $here \(Report.timing)]\(saif ?? "\n# Without measured activity (read_saif) the power is a guess of the tool.")
      report_power -file [file join $here \(Report.power)]

      """
  }
}

extension String {
  /// The text as one word of Tcl, in which nothing is substituted.
  var asTclWord: String {
    let plain = utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-+=:,".utf8.contains(byte)
    }
    if plain, !isEmpty { return self }
    let escaped = map { "\\$[]{}\"; \t\n#".contains($0) ? "\\\($0)" : String($0) }.joined()
    return "\"\(escaped)\""
  }
}
