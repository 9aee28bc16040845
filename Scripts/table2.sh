#!/usr/bin/env bash
# The paper's table of optimized and unoptimized designs, measured. Options go to 'pare reproduce table2'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash Scripts/tools.sh
bash Scripts/build.sh --product pare
bash Scripts/datasets.sh
.build/release/pare reproduce table2 "$@"
