import PareText

extension DesignProject {
  private static let untested =
    "Written from the maker's documentation and public examples; it was not run by those who wrote it."

  /// Constraints and a script for the maker's program.
  func vendorFiles() -> [SourceFile] {
    switch vendor {
    case .vivado:
      [
        SourceFile(path: constraints(for: name), text: xdc()),
        SourceFile(path: "vivado/project.tcl", text: vivado()),
      ]
    case .diamond:
      [
        SourceFile(path: constraints(for: name), text: lpf(clock: "clk")),
        SourceFile(path: constraints(for: streamTop), text: lpf(clock: "aclk")),
        SourceFile(path: "diamond/project.tcl", text: diamond()),
      ]
    case .radiant:
      [
        SourceFile(path: constraints(for: name), text: sdc(clock: "clk")),
        SourceFile(path: constraints(for: streamTop), text: sdc(clock: "aclk")),
        SourceFile(path: "radiant/project.tcl", text: radiant()),
      ]
    case nil: []
    }
  }

  /// The constraint file of a top.
  func constraints(for top: String) -> String {
    switch vendor {
    case .vivado: "vivado/\(name).xdc"
    case .diamond: "diamond/\(top).lpf"
    case .radiant: "radiant/\(top).sdc"
    case nil: ""
    }
  }

  private var periodNanoseconds: String { (1000 / clockMHz).fixed(3) }
  private var megahertz: String { clockMHz.fixed(3) }

  // MARK: - Constraints

  private func xdc() -> String {
    """
    # \(name).xdc: a clock of \(megahertz) MHz on \(name) (port clk) or \(streamTop) (port aclk).
    #
    # For a run out of context: no pins and no buffers, and paths from and to ports are not timed. Inside a design of your own
    # leave this file out: the clock comes from there.
    create_clock -name clk -period \(periodNanoseconds) [get_ports -quiet {clk aclk}]

    """
  }

  private func lpf(clock: String) -> String {
    """
    # A clock of \(megahertz) MHz. Pins are left to the tool; paths from and to ports are not timed.
    FREQUENCY PORT "\(clock)" \(megahertz) MHz;

    """
  }

  private func sdc(clock: String) -> String {
    """
    # A clock of \(megahertz) MHz. Pins are left to the tool; paths from and to ports are not timed.
    create_clock -name {clk} -period \(periodNanoseconds) [get_ports {\(clock)}]

    """
  }

  // MARK: - Scripts

  /// Comment lines, the folders, and the choice of the top.
  private func opening(_ tool: VendorTool, _ does: String) -> String {
    """
    # project.tcl for \(tool.title): \(does)
    # \(Self.untested)
    #
    #   \(tool.start)
    #
    # The top is \(name). For the AXI4-Stream wrapper set PARE_TOP=\(streamTop) in the environment. Results go to
    # \(tool.folder)/out_<top>.
    set here [file dirname [file normalize [info script]]]
    set root [file dirname $here]
    set top \(name)
    if {[info exists ::env(PARE_TOP)]} { set top $::env(PARE_TOP) }
    if {[lsearch -exact {\(name) \(streamTop)} $top] < 0} { error "PARE_TOP is neither \(name) nor \(streamTop)" }
    set sources {}
    foreach file {\(design.joined(separator: " "))} { lappend sources [file join $root $file] }
    if {$top ne "\(name)"} { lappend sources [file join $root \(streamDesign)] }
    set out [file join $here out_$top]
    file mkdir $out

    """
  }

  private func vivado() -> String {
    let read =
      switch language {
      case .verilog: "read_verilog $sources"
      case .vhdl: "read_vhdl -vhdl2008 $sources"
      }
    let macros = (cellMacros + defines).map { " -verilog_define \($0)" }.joined()
    return opening(.vivado, "synthesis, placement, routing and reports, out of context.") + """

      \(read)
      read_xdc -mode out_of_context [file join $here \(name).xdc]
      synth_design -top $top -part \(part) -mode out_of_context\(macros)
      report_utilization -file $out/synthesis_utilization.rpt
      opt_design
      place_design
      phys_opt_design
      route_design
      write_checkpoint -force $out/routed.dcp
      report_utilization -file $out/utilization.rpt
      report_utilization -hierarchical -file $out/utilization_hierarchical.rpt
      report_timing_summary -file $out/timing.rpt
      # Without measured activity (read_saif) the power is a guess of the tool.
      report_power -file $out/power.rpt
      set slack [get_property SLACK [get_timing_paths -delay_type max]]
      puts "worst setup slack: $slack ns at a period of \(periodNanoseconds) ns"

      """
  }

  private func diamond() -> String {
    let strategy =
      language == .vhdl
      ? """
      prj_strgy set_value -strategy Strategy1 syn_vhdl2008=True
      prj_strgy set_value -strategy Strategy1 lse_vhdl2008=True

      """ : ""
    return opening(
      .diamond,
      "synthesis, mapping, placement, routing and timing.\n# ECP5 is a device of Diamond; Lattice Radiant does not support it."
    ) + """

      # Diamond writes its project into the current folder.
      cd $out
      foreach old [glob -nocomplain *.ldf] { file delete -force $old }
      # Diamond keeps the constraints that it is given as its own, so that it gets a copy.
      file copy -force [file join $here $top.lpf] [file join $out $top.lpf]
      prj_project new -name $top -impl impl1 -dev \(part) -lpf $top.lpf -synthesis synplify
      \(strategy)foreach file $sources { prj_src add $file }
      prj_impl option top $top
      prj_project save
      prj_run Synthesis -impl impl1
      prj_run Translate -impl impl1
      prj_run Map -impl impl1
      prj_run PAR -impl impl1
      prj_run PAR -impl impl1 -task PARTrace
      prj_project save
      prj_project close

      """
  }

  private func radiant() -> String {
    opening(.radiant, "synthesis, mapping, placement, routing and timing.") + """

      # Radiant writes its project into the current folder.
      cd $out
      foreach old [glob -nocomplain *.rdf] { file delete -force $old }
      prj_create -name $top -impl impl_1 -dev \(part) -synthesis synplify
      foreach file $sources { prj_add_source $file }
      prj_add_source [file join $here $top.sdc]
      prj_set_impl_opt -impl impl_1 top $top
      prj_save
      prj_run Synthesis -impl impl_1
      prj_run Map -impl impl_1
      prj_run PAR -impl impl_1
      prj_save
      prj_close

      """
  }
}
