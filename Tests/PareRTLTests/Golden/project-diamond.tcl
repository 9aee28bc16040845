# project.tcl for Lattice Diamond: synthesis, mapping, placement, routing and timing.
# ECP5 is a device of Diamond; Lattice Radiant does not support it.
# Written from the maker's documentation and public examples; it was not run by those who wrote it.
#
#   diamondc diamond/project.tcl
#
# The top is dpd. For the AXI4-Stream wrapper set PARE_TOP=dpd_axis in the environment. Results go to
# diamond/out_<top>.
set here [file dirname [file normalize [info script]]]
set root [file dirname $here]
set top dpd
if {[info exists ::env(PARE_TOP)]} { set top $::env(PARE_TOP) }
if {[lsearch -exact {dpd dpd_axis} $top] < 0} { error "PARE_TOP is neither dpd nor dpd_axis" }
set sources {}
foreach file {rtl/dpd.vhd} { lappend sources [file join $root $file] }
if {$top ne "dpd"} { lappend sources [file join $root axis/dpd_axis.vhd] }
set out [file join $here out_$top]
file mkdir $out

# Diamond writes its project into the current folder.
cd $out
foreach old [glob -nocomplain *.ldf] { file delete -force $old }
# Diamond keeps the constraints that it is given as its own, so that it gets a copy.
file copy -force [file join $here $top.lpf] [file join $out $top.lpf]
prj_project new -name $top -impl impl1 -dev LFE5U-85F-6BG756C -lpf $top.lpf -synthesis synplify
prj_strgy set_value -strategy Strategy1 syn_vhdl2008=True
prj_strgy set_value -strategy Strategy1 lse_vhdl2008=True
foreach file $sources { prj_src add $file }
prj_impl option top $top
prj_project save
prj_run Synthesis -impl impl1
prj_run Translate -impl impl1
prj_run Map -impl impl1
prj_run PAR -impl impl1
prj_run PAR -impl impl1 -task PARTrace
prj_project save
prj_project close
