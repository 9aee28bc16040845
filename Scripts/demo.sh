#!/usr/bin/env bash
# The main job on measured data; options go to 'pare demo'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash Scripts/tools.sh
bash Scripts/build.sh --product pare
exec .build/release/pare demo "$@"
