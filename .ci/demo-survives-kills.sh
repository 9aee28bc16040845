#!/usr/bin/env bash
# Kills a quick demo at several points with kill -9, lets it finish, and compares its report with that of an undisturbed
# one; then runs it without network and cache, which must say that it takes the synthetic amplifier.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
demo=(.build/release/pare demo --quick --quiet --json)

for seconds in 0.3 1 3 6 12; do
  "${demo[@]}" --out "$work/killed" >"$work/partial.json" 2>"$work/partial.log" &
  process=$!
  sleep "$seconds"
  kill -9 "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
done
"${demo[@]}" --out "$work/killed" >"$work/killed.json"
"${demo[@]}" --out "$work/whole" >"$work/whole.json"

# Times differ, and each report names its own folder; every figure must agree.
figures() { grep -vE '"(seconds|wasKept|folder)"' "$1"; }
diff <(figures "$work/killed.json") <(figures "$work/whole.json")
echo "demo: killed five times and finished, with the figures of an undisturbed run"

PARE_OFFLINE=1 PARE_CACHE="$work/cache" .build/release/pare demo --quick \
  --out "$work/offline" >"$work/offline.txt" 2>"$work/offline.log"
grep -q 'synthetic amplifier takes' "$work/offline.log"
grep -q 'synthetic amplifier, not a measurement' "$work/offline.txt"
echo "demo: without network and cache it uses the synthetic amplifier and says so"
