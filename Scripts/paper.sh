#!/usr/bin/env bash
# The paper's sweep on measured data: 1,344 points, their fronts, and a report. Options go to 'pare sweep'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash Scripts/build.sh --product pare
bash Scripts/datasets.sh
run=runs/paper
.build/release/pare sweep --preset paper --out "$run" "$@"
.build/release/pare pareto "$run"
.build/release/pare report "$run" --out "$run/report.html"
