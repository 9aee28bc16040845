#!/usr/bin/env bash
# A predistorter of 100 coefficients from the benchmark to a checked netlist: it keeps its budget and what it reached before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/system.sh
pare=$PWD/.build/release/pare
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$pare" dpd design --budget 100/22/190 --out "$work/dpd"
"$PWD/.tools/python/bin/python3" - "$work/dpd/designs.json" <<'PYTHON' ||
import json, sys
design = json.load(open(sys.argv[1]))["designs"][0]
quality = design["test"]["minimum"]["qualityDB"]
print("Q", quality, "with", design["products"], "products,", design["adders"], "adders")
# 27.47 dB measured; 26.1 is what the design has to reach.
sys.exit(not (quality >= 26.1 and design["coefficients"] <= 100 and design["products"] <= 22 and design["adders"] <= 190))
PYTHON
  fail "the predistorter is out of its budget, or below 26.1 dB" "read the line above"
"$pare" compile "$work/dpd/c100-p22-a190/model.json" --target zcu104 --clock 250 --out "$work/rtl"
"$pare" simulate "$work/rtl"
"$pare" implement "$work/rtl"
