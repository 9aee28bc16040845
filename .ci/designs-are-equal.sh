#!/usr/bin/env bash
# Draws finished candidates of a sweep, compiles each in a way that is drawn too (part, clock, samples per clock, products), and holds
# its interpreter, its Verilog and its netlist against the integer model, bit for bit, on the corner words, noise and measured samples that
# 'pare simulate' feeds.
#
#   .ci/designs-are-equal.sh [COUNT [RUN [SEED]]]     5, a small sweep made for it, 1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

count=${1:-5}
run=${2:-}
seed=${3:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pare=.build/release/pare

if [ -z "$run" ]; then
  run=$work/run
  cat >"$work/experiment.yaml" <<'YAML'
dataset: opendpd/APA_200MHz
recipe:
  seedCount: 1
  steps: 200
  pruning.finalSteps: 100
space:
  architecture:
    kernelSize: [3, 5]
    convolutions: [2, 3]
    channels: [2, 4]
    activation: [tanh, relu]
  sparsity: [0, 0.5, 0.8]
  quantizer: [none, pot, apot]
YAML
  "$pare" sweep "$work/experiment.yaml" --out "$run" --quiet >/dev/null
fi

"$pare" ledger export "$run" --format csv --out "$work/rows.csv" --quiet
python3 - "$work/rows.csv" "$count" "$seed" >"$work/designs" <<'PY'
import csv, random, sys

with open(sys.argv[1], newline="") as file:
    rows = [row for row in csv.DictReader(file) if not row.get("failure")]
count, draw = int(sys.argv[2]), random.Random(int(sys.argv[3]))
if len(rows) < count:
    sys.exit(f"error: {len(rows)} finished candidates, {count} asked for")
for row in draw.sample(sorted(rows, key=lambda row: row["key"]), count):
    options = ["--target", draw.choice(["zcu104", "zcu104", "ecp5-25k", "artix35t"])]
    clock = draw.choice([None, 100, 200])
    if clock:
        options += ["--clock", str(clock)]
    lanes = draw.choice([1, 1, 1, 2, 4])
    if lanes > 1:
        options += ["--samples-per-clock", str(lanes)]
    elif draw.random() < 0.2:
        options += ["--multipliers", "dsp"]
    print(row["key"], *options)
PY

# samples FILE: those that were compared, of a result of pare simulate.
samples() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["samples"])' "$1"; }

number=0
while read -r key options; do
  number=$((number + 1))
  design=$work/design
  rm -rf "$design"
  "$pare" ledger model "$run" "$key" --out "$work/model.json" --quiet >/dev/null
  # shellcheck disable=SC2086 # one word per option
  "$pare" compile "$work/model.json" $options --effort fast --out "$design" --quiet >/dev/null
  "$pare" simulate "$design" --json --quiet >"$work/verilog.json"
  "$pare" simulate "$design" --netlist --json --quiet >"$work/netlist.json" 2>"$work/notes" || {
    cat "$work/notes" >&2
    exit 1
  }
  for file in verilog netlist; do
    compared=$(samples "$work/$file.json")
    if [ "$compared" -lt 10000 ]; then
      echo "error: $key: only $compared samples of the $file were compared" >&2
      exit 1
    fi
  done
  echo "equal $number/$count: $key $options, $(samples "$work/netlist.json") samples"
done <"$work/designs"
[ "$number" = "$count" ] || { echo "error: $number of $count designs were compared" >&2; exit 1; }
echo "designs: model = interpreter = Verilog = netlist for $count of $count"
