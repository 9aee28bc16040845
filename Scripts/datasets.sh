#!/usr/bin/env bash
# Brings the measured data sets and the benchmark of predistorters into the cache of the user; quick when they are there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash Scripts/tools.sh
bash Scripts/build.sh --product pare
.build/release/pare dataset fetch --quiet \
  opendpd/APA_200MHz opendpd/APA_200MHz_b opendpd/DPA_200MHz opendpd/DPA_160MHz >/dev/null
.build/release/pare dpd fetch --quiet >/dev/null
