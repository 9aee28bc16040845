#!/usr/bin/env bash
# Coverage-guided fuzzing of the report readers:  Fuzz/run.sh [SECONDS] [LIBFUZZER OPTIONS]
# Grows a corpus in Fuzz/.corpus from the samples of the tests; an input that stops the program is left in Fuzz/Regressions.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${1:-600}
[ $# -gt 0 ] && shift
# The program has a main of its own and libFuzzer has another: the linker takes the first.
swift build -c release --product fuzz-reports -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld -Xlinker -zmuldefs
mkdir -p .corpus
exec .build/release/fuzz-reports -max_total_time="$seconds" -dict=reports.dict -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
  -detect_leaks=0 -artifact_prefix=Regressions/ -print_final_stats=1 "$@" \
  .corpus Regressions ../Tests/PareToolsTests/Reports/Samples
