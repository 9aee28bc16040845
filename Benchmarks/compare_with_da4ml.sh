#!/bin/sh
# Adders of Pare's shift-add solver against da4ml's, matrix by matrix, with geometric means.
#
#   compare_with_da4ml.sh [--quick] [FOLDER]
#
# Installs da4ml into a throw-away environment. Results are kept in FOLDER (benchmark-da4ml by default), and a matrix that
# da4ml has solved there is not solved again. --quick leaves out the layers of more than 160 weights.
set -eu
da4ml_version=0.6.0
numpy_version=2.4.6
here=$(cd "$(dirname "$0")" && pwd)
quick=
if [ "${1:-}" = --quick ]; then quick=--quick; shift; fi
folder=${1:-benchmark-da4ml}
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet "da4ml==$da4ml_version" "numpy==$numpy_version"
swift build --package-path "$here" -c release --product measure-shift-add >&2
bench=$(swift build --package-path "$here" -c release --show-bin-path)/measure-shift-add
"$bench" matrices >"$folder/matrices.json"
"$scratch/venv/bin/python" "$here/da4ml_adders.py" "$folder/matrices.json" "$folder/da4ml.jsonl" $quick
"$bench" adders $quick >"$folder/pare.jsonl"

"$scratch/venv/bin/python" - "$folder/da4ml.jsonl" "$folder/pare.jsonl" <<'PYTHON'
import json, math, sys

theirs = {r["name"]: r for r in map(json.loads, open(sys.argv[1]))}
ratios = []
print("| matrix | da4ml direct | transposed | Pare | ratio | ternary rows | seconds |")
print("|---|---|---|---|---|---|---|")
for ours in map(json.loads, open(sys.argv[2])):
    peer = theirs[ours["name"]]
    ratio = ours["adders"] / min(peer["direct"], peer["transposed"])
    ratios.append(ratio)
    print(f"| {ours['name']} | {peer['direct']} | {peer['transposed']} | {ours['adders']} "
          f"| {ratio:.3f} | {ours['ternaryRows']} | {ours['seconds']:.1f} |")
print(f"geometric mean {math.exp(sum(map(math.log, ratios)) / len(ratios)):.3f}, "
      f"worst {max(ratios):.3f}, {len(ratios)} matrices")
PYTHON
