#!/usr/bin/env bash
# Kills a sweep with kill -9 at fifty random moments, lets it finish, and compares its ledger with that of an undisturbed
# one: every column but time and host, and every model.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kills=${1:-50}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pare=.build/release/pare
# The moments are random from run to run; a failure names its seed.
seed=${PARE_KILL_SEED:-$RANDOM}
RANDOM=$seed
echo "kills: PARE_KILL_SEED=$seed"

cat >"$work/experiment.yaml" <<'YAML'
dataset: opendpd/APA_200MHz
recipe:
  seedCount: 2
  steps: 600
  pruning.finalSteps: 300
space:
  architecture:
    kernelSize: [3, 5]
    convolutions: [2, 3]
    channels: [2, 4]
    activation: [tanh]
  sparsity: [0, 0.5, 0.8]
  quantizer: [none, apot]
YAML

"$pare" sweep "$work/experiment.yaml" --out "$work/whole" --quiet >/dev/null
# count LEDGER: its rows; 0 when a kill came before there was a ledger.
count() {
  python3 -c 'import sqlite3, sys
try: print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM candidate").fetchone()[0])
except sqlite3.OperationalError: print(0)' "$1"
}

killed=0
midway=0
# Where no kill has met a ledger with some of its rows yet, more are tried: how fast rows come depends on the machine.
until [ "$killed" -ge "$kills" ] && { [ "$midway" -gt 0 ] || [ "$killed" -ge $((5 * kills)) ]; }; do
  "$pare" sweep "$work/experiment.yaml" --out "$work/killed" --jobs $((1 + RANDOM % 3)) \
    --quiet >/dev/null 2>"$work/log" &
  process=$!
  milliseconds=$((RANDOM % 1600))  # a first row takes about one second
  sleep "$((milliseconds / 1000)).$(printf '%03d' $((milliseconds % 1000)))"
  if kill -9 "$process" 2>/dev/null; then
    killed=$((killed + 1))
  fi
  wait "$process" 2>/dev/null || true
  # A sweep that was done before its kills were used up starts again.
  rows=$(count "$work/killed/ledger.sqlite")
  if [ "$rows" -gt 0 ] && [ "$rows" -lt 48 ]; then midway=$((midway + 1)); fi
  if [ "$rows" = 48 ]; then rm -rf "$work/killed"; fi
done
"$pare" sweep "$work/experiment.yaml" --out "$work/killed" --quiet >/dev/null

python3 - "$work/whole/ledger.sqlite" "$work/killed/ledger.sqlite" <<'PY'
import sqlite3, sys

def content(path):
    ledger = sqlite3.connect(path)
    ledger.row_factory = sqlite3.Row
    assert ledger.execute("PRAGMA integrity_check").fetchone()[0] == "ok", path
    assert ledger.execute("SELECT count(*) FROM seed_result").fetchone()[0] == 0, path
    apart = {"seconds", "finished_at", "host"}
    rows = [{k: row[k] for k in row.keys() if k not in apart}
            for row in ledger.execute("SELECT * FROM candidate ORDER BY key")]
    return rows, [tuple(row) for row in ledger.execute("SELECT * FROM model ORDER BY key")]

whole, killed = map(content, sys.argv[1:])
assert len(whole[0]) == 48, len(whole[0])
assert whole == killed, "the ledgers differ"
PY
if [ "$midway" = 0 ]; then
  echo "error: no kill met a ledger with some of its rows" >&2
  exit 1
fi
echo "sweep: killed $killed times, $midway of them midway, and finished with the ledger of an undisturbed run"
