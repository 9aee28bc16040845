#!/bin/sh
# Layers by da4ml, by alkaid and by Pare: simulated bit for bit, synthesized for xcup, routed on an ECP5.
#
#   compare_by_synthesis.sh [--quick] [--only tables|registers] [FOLDER]
#
# Installs the peers into a throw-away environment. All is kept in FOLDER (benchmark-synthesis by default): what was solved,
# simulated, synthesized or routed there from the same text by the same tools is not done again, so an interrupted run goes
# on. --quick leaves out the layers of more than 160 weights, which take long: 24 layers of 38 stay.
set -eu
da4ml_version=0.6.0
alkaid_version=0.8.2
numpy_version=2.4.6
here=$(cd "$(dirname "$0")" && pwd)
quick=
parts="tables registers"
folder=benchmark-synthesis
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=--quick ;;
    --only)
      case ${2:-} in
        tables | registers) parts=$2; shift ;;
        *) echo "--only takes tables or registers" >&2; exit 64 ;;
      esac ;;
    -*) echo "usage: $0 [--quick] [--only tables|registers] [FOLDER]" >&2; exit 64 ;;
    *) folder=$1 ;;
  esac
  shift
done
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

python3 -m venv "$scratch/venv" || {
  echo "a virtual environment is needed for the peers: install python3-venv" >&2
  exit 1
}
"$scratch/venv/bin/pip" install --quiet "da4ml==$da4ml_version" "alkaid==$alkaid_version" \
  "numpy==$numpy_version" || {
  echo "da4ml $da4ml_version and alkaid $alkaid_version could not be installed from PyPI" >&2
  exit 1
}
swift build --package-path "$here" -c release --product measure-peers >&2
bench=$(swift build --package-path "$here" -c release --show-bin-path)/measure-peers
"$bench" layers >"$folder/layers.json"
"$scratch/venv/bin/python" "$here/solve_by_peers.py" "$folder/layers.json" "$folder/peers" $quick
# Tools are looked for from the project's folder on.
cd "$here/.."
for part in $parts; do
  { "$bench" "$part" "$folder" $quick || touch "$scratch/failed"; } | tee "$folder/$part.md.part"
  if [ -e "$scratch/failed" ]; then exit 1; fi
  mv "$folder/$part.md.part" "$folder/$part.md"
done
