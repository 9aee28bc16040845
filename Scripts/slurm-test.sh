#!/usr/bin/env bash
# One sweep at home and on a Slurm of two nodes that is started for it on this machine; the two ledgers must be equal.
# On the way one task is cancelled, and the cluster is told to take small arrays alone.
# Needs slurm and munge (installed where that is possible), touches nothing but a temporary folder.
#   PARE=path        the program to test, instead of a release build of the sources
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/system.sh
scripts=$PWD/Scripts

[ "$(uname -s)" = Linux ] || fail "slurm runs on Linux" "run make slurm-test on Linux" 69
need python3 python3 python3
if [ -z "${PARE:-}" ]; then
  bash Scripts/build.sh --product pare
  PARE=$PWD/.build/release/pare
fi
pare=$(realpath "$PARE")

folder=$(mktemp -d "${TMPDIR:-/tmp}/pare-slurm-XXXXXX")
slurm=$folder/slurm
waiter=""
finish() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$waiter" ]; then kill "$waiter" 2>/dev/null || true; fi
  bash "$scripts/slurm-loopback.sh" stop "$slurm" || status=1
  if [ "$status" = 0 ]; then
    rm -rf "$folder"
  else
    echo "what is left of the test: $folder" >&2
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

SECONDS=0
bash "$scripts/slurm-loopback.sh" start "$slurm" 3
export SLURM_CONF=$slurm/slurm.conf
unset PARE_SLURM_BIN SBATCH_PARTITION SBATCH_ACCOUNT

cd "$folder"
"$pare" dataset make --quiet --samples 12000 --out data >/dev/null
cat >experiment.yaml <<'YAML'
dataset: data
recipe: {preset: quick, steps: 150, seedCount: 2}
space:
  architecture: {kernelSize: [3, 5], convolutions: 2, channels: [2, 3, 4, 5], activation: tanh}
  sparsity: [0, 0.5, 0.9]
  quantizer: [none, pot, apot]
YAML

echo "at home ..." >&2
"$pare" sweep experiment.yaml --out home --quiet >home.txt 2>home.err ||
  fail "the sweep at home failed" "$(tail -n 3 home.err)"
at_home=$SECONDS

echo "on two nodes ..." >&2
"$pare" sweep experiment.yaml --out away --executor slurm --shard-minutes 0.01 >away.txt 2>away.err &
waiter=$!

# Cancels a task that has something to lose: one whose unfinished file is there.
cancelled=""
while kill -0 "$waiter" 2>/dev/null; do
  for part in away/shards/*.part.sqlite; do
    [ -s "$part" ] || continue
    shard=$(basename "$part" .part.sqlite)
    task=$(sed -n "s/^# shard $shard: job \([0-9_]*\),.*/\1/p" "away/shards/log/$shard.log" | tail -n 1)
    [ -n "$task" ] || continue
    rows=$(python3 -c 'import sqlite3, sys
print(sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True, timeout=5).execute(
    "select (select count(*) from candidate) + (select count(*) from seed_result)").fetchone()[0])' "$part" 2>/dev/null || echo 0)
    [ "$rows" -gt 0 ] || continue
    scancel "$task"
    cancelled=$shard
    echo "cancelled task $task, which works on shard $shard and has $rows results" >&2
    break 2
  done
  sleep 0.1
done
status=0
wait "$waiter" || status=$?
waiter=""
[ "$status" = 0 ] || fail "the sweep on two nodes ended with status $status" "$(tail -n 20 away.err)"
[ -n "$cancelled" ] || fail "no task could be cancelled midway" "the tasks are too short; see Scripts/slurm-test.sh"
[ "$(grep -c "^# shard $cancelled:" "away/shards/log/$cancelled.log")" -ge 2 ] ||
  fail "shard $cancelled was not worked on again" "see away.err"

python3 - home/ledger.sqlite away/ledger.sqlite away/shards/jobs.json <<'PYTHON'
import json, sqlite3, sys

def content(path):
    ledger = sqlite3.connect(path)
    columns = [row[1] for row in ledger.execute("pragma table_info(candidate)")]
    kept = ", ".join(c for c in columns if c not in ("host", "finished_at", "seconds"))
    return {
        "candidate": ledger.execute(f"select {kept} from candidate order by key").fetchall(),
        "recipe": ledger.execute("select * from recipe order by hash").fetchall(),
        "model": ledger.execute("select * from model order by key").fetchall(),
        "seed_result": ledger.execute("select * from seed_result").fetchall(),
        "state": ledger.execute("select * from state").fetchall(),
    }

home, away = content(sys.argv[1]), content(sys.argv[2])
for table in home:
    if home[table] != away[table]:
        pairs = [(a, b) for a, b in zip(home[table], away[table]) if a != b]
        sys.exit(f"error: the tables '{table}' differ: {len(home[table])} and {len(away[table])} rows, first {pairs[:1]}\n"
                 "hint:  a result depends on where it was worked out")
hosts = {row[0]: row[1] for row in sqlite3.connect(sys.argv[2]).execute(
    "select host, count(*) from candidate group by host order by host")}
if set(hosts) != {"n1", "n2"}:
    sys.exit(f"error: rows were worked out on {hosts}, not on n1 and n2\nhint:  see the logs of slurmd")
arrays = json.load(open(sys.argv[3]))["arrays"]
if not (len({a["offset"] for a in arrays}) >= 2 and all(int(a["tasks"].replace(",", "-").split("-")[-1]) < 3 for a in arrays)):
    sys.exit(f"error: the arrays were not split at MaxArraySize 3: {arrays}\nhint:  see away.err")
print(f"slurm-test: {len(home['candidate'])} points equal at home and on two nodes "
      f"({', '.join(f'{h}: {n}' for h, n in hosts.items())}); {len(arrays)} job arrays", end="")
PYTHON
echo ", one task cancelled and done again; $at_home s at home, $SECONDS s in all"
