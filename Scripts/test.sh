#!/usr/bin/env bash
# All tests, after all the set-up that they need; the summary of the test runner comes last.
# One build serves the data sets, the tests and the demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/system.sh
bash Scripts/tools.sh
# The second simulator, which users may do without: the netlist simulator is held against it.
need iverilog iverilog icarus-verilog
bash Scripts/build.sh --build-tests
bash Scripts/datasets.sh
swift test "${swift_flags[@]}" --skip-build --disable-xctest "$@"
