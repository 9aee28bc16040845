#!/usr/bin/env bash
# Predistorters in closed form for four budgets into runs/dpd, and the one of 100 coefficients as gates: compiled, simulated,
# synthesized and checked. Options go to 'pare dpd design'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash Scripts/tools.sh
bash Scripts/build.sh --product pare
bash Scripts/datasets.sh
pare=.build/release/pare
run=runs/dpd
"$pare" dpd design --out "$run" "$@"
# Of other budgets an earlier run may have left it there.
if ! grep -q '"c100-p22-a190"' "$run/designs.json"; then exit 0; fi
model=$run/c100-p22-a190/model.json
"$pare" compile "$model" --target zcu104 --clock 250 --out "$run/rtl"
"$pare" simulate "$run/rtl"
"$pare" implement "$run/rtl"
