# project.tcl for Lattice Radiant: synthesis, mapping, placement, routing and timing.
# Written from the maker's documentation and public examples; it was not run by those who wrote it.
#
#   radiantc radiant/project.tcl
#
# The top is dpd. For the AXI4-Stream wrapper set PARE_TOP=dpd_axis in the environment. Results go to
# radiant/out_<top>.
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

# Radiant writes its project into the current folder.
cd $out
foreach old [glob -nocomplain *.rdf] { file delete -force $old }
prj_create -name $top -impl impl_1 -dev LIFCL-40-9BG400I -synthesis synplify
foreach file $sources { prj_add_source $file }
prj_add_source [file join $here $top.sdc]
prj_set_impl_opt -impl impl_1 top $top
prj_save
prj_run Synthesis -impl impl_1
prj_run Map -impl impl_1
prj_run PAR -impl impl_1
prj_save
prj_close
