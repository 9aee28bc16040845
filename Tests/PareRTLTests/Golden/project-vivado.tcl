# project.tcl for AMD Vivado: synthesis, placement, routing and reports, out of context.
# Written from the maker's documentation and public examples; it was not run by those who wrote it.
#
#   vivado -mode batch -source vivado/project.tcl
#
# The top is dpd. For the AXI4-Stream wrapper set PARE_TOP=dpd_axis in the environment. Results go to
# vivado/out_<top>.
set here [file dirname [file normalize [info script]]]
set root [file dirname $here]
set top dpd
if {[info exists ::env(PARE_TOP)]} { set top $::env(PARE_TOP) }
if {[lsearch -exact {dpd dpd_axis} $top] < 0} { error "PARE_TOP is neither dpd nor dpd_axis" }
set sources {}
foreach file {rtl/dpd.v} { lappend sources [file join $root $file] }
if {$top ne "dpd"} { lappend sources [file join $root axis/dpd_axis.v] }
set out [file join $here out_$top]
file mkdir $out

read_verilog $sources
read_xdc -mode out_of_context [file join $here dpd.xdc]
synth_design -top $top -part xczu7ev-ffvc1156-2-e -mode out_of_context -verilog_define SOME_MACRO
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
puts "worst setup slack: $slack ns at a period of 4.069 ns"
