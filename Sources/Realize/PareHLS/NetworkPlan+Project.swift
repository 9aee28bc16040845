import PareNetwork
import PareText

extension NetworkPlan {
  private static let untested =
    "Written from the maker's documentation and public examples; it was not run by those who wrote it."

  /// Scripts of the vendor's tool, for its old and its new command, and a guide.
  func projectFiles(segments: [Range<Int>]) -> [SourceFile] {
    // The longest segment: the RTL of a co-simulation cannot be restarted between two of them.
    let longest = segments.indices.max { segments[$0].count < segments[$1].count }!
    return [
      SourceFile(path: "run_hls.tcl", text: tcl(segment: longest)),
      SourceFile(path: "hls_config.cfg", text: config(segment: longest)),
      SourceFile(path: "README.txt", text: readme()),
    ]
  }

  private var periodNanoseconds: String { (1000 / options.clockMHz).fixed(3) }

  private func tcl(segment: Int) -> String {
    """
    # run_hls.tcl: C simulation, synthesis, co-simulation, export and implementation of \(name).
    # \(Self.untested)
    #
    #   vitis_hls -f run_hls.tcl                   Vitis HLS up to 2023.1
    #   vitis-run --mode hls --tcl run_hls.tcl     from 2023.2
    #
    # PARE_HLS_STEPS in the environment chooses the steps, for example "csim csynth cosim export impl"; csim and csynth unless
    # set. Results are in project/solution1.
    set here [file dirname [file normalize [info script]]]
    cd $here

    set known {csim csynth cosim export impl}
    set steps {csim csynth}
    if {[info exists ::env(PARE_HLS_STEPS)]} { set steps [split $::env(PARE_HLS_STEPS)] }
    foreach step $steps {
      if {[lsearch -exact $known $step] < 0} { error "unknown step '$step' in PARE_HLS_STEPS; known: $known" }
    }
    proc wanted {step} { return [expr {[lsearch -exact $::steps $step] >= 0}] }

    open_project -reset project
    set_top \(name)
    add_files src/\(name).cpp -cflags "-std=c++14 -I$here/src"
    add_files -tb tb/tb_\(name).cpp -cflags "-std=c++14 -I$here/src -I$here/tb -Wno-unknown-pragmas"
    add_files -tb tb/vectors.txt
    open_solution -reset solution1 -flow_target vivado
    set_part {\(options.part)}
    create_clock -period \(periodNanoseconds) -name default
    # The reset clears the delay lines too, which are static variables.
    config_rtl -reset state

    if {[wanted csim]} { csim_design -argv {vectors.txt actual.txt} }
    if {[wanted csynth] || [wanted cosim] || [wanted export] || [wanted impl]} { csynth_design }
    # One segment only: the delay lines of the RTL cannot be cleared between two.
    if {[wanted cosim]} { cosim_design -rtl verilog -argv {vectors.txt actual.txt \(segment)} }
    if {[wanted impl]} {
      export_design -flow impl -rtl verilog -format ip_catalog
    } elseif {[wanted export]} {
      export_design -rtl verilog -format ip_catalog
    }
    exit

    """
  }

  private func config(segment: Int) -> String {
    """
    # hls_config.cfg: the same project for the commands of Vitis 2023.2 and later.
    # \(Self.untested)
    #
    #   vitis-run --mode hls --csim  --config hls_config.cfg --work_dir project
    #   v++ -c --mode hls            --config hls_config.cfg --work_dir project
    #   vitis-run --mode hls --cosim --config hls_config.cfg --work_dir project
    #   vitis-run --mode hls --package --config hls_config.cfg --work_dir project
    #   vitis-run --mode hls --impl  --config hls_config.cfg --work_dir project
    part=\(options.part)

    [hls]
    flow_target=vivado
    clock=\(periodNanoseconds)ns
    syn.top=\(name)
    syn.file=src/\(name).cpp
    syn.cflags=-std=c++14 -Isrc
    # The reset clears the delay lines too, which are static variables.
    syn.rtl.reset=state
    tb.file=tb/tb_\(name).cpp
    tb.file=tb/vectors.txt
    tb.cflags=-std=c++14 -Isrc -Itb -Wno-unknown-pragmas
    csim.argv=vectors.txt actual.txt
    # One segment only: the delay lines of the RTL cannot be cleared between two.
    cosim.argv=vectors.txt actual.txt \(segment)
    package.output.format=ip_catalog
    vivado.flow=impl
    vivado.rtl=verilog

    """
  }

  private func readme() -> String {
    let estimate = HLSEstimate(self)
    return """
      \(name): HLS C++ of \(architecture.name)

      src/                the design: \(name).h has the types, \(name).cpp a function per layer and the top
      tb/                 a test bench that checks every result against vectors.txt
      pare_ap/            a small ap_fixed.h, ap_int.h and hls_stream.h, to compile without any HLS tool
      run_hls.tcl         project for vitis_hls, or vitis-run --mode hls --tcl
      hls_config.cfg      the same for v++ -c --mode hls and vitis-run --mode hls

      Check it with any compiler:
        c++ -std=c++14 -Ipare_ap -Isrc -Itb src/\(name).cpp tb/tb_\(name).cpp -o check && ./check tb/vectors.txt
      Its last line is PASS samples N or FAIL mismatches M; the exit status is 0 or 1.

      Samples: \(name) takes one sample of \(architecture.inputChannels) channels per call and gives one result. The result of a
      sample comes \(lookAhead) call(s) after the sample itself; push as many zeros after the last one, and drop as
      many results before the first. The reset clears all delay lines.

      Expected (\(HLSEstimate.ownEstimate)):
        \(estimate.initiationInterval) clock(s) from one sample to the next, \(estimate.multipliers) multipliers, \(estimate.dsp) DSP blocks
      Asked for: \(options.part), \(options.clockMHz.fixed(3)) MHz

      """
  }
}
