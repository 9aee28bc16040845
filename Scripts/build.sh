#!/usr/bin/env bash
# Builds the pare command with the flags that the tests use too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/system.sh
need_swift
need_sqlite
if offline && [ ! -d .build/checkouts ]; then
  fail "the Swift packages are not in .build, and PARE_OFFLINE forbids to fetch them" \
    "run 'make build' once with a network" 69
fi
swift build "${swift_flags[@]}" "$@"
