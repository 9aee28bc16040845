#!/bin/sh
# Trains the networks of bench-training with Pare and with PyTorch, in turn on one core, and prints the ratios.
#
#   compare_with_pytorch.sh --install [ROUNDS]          PyTorch into a throw-away environment (a download of gigabytes)
#   compare_with_pytorch.sh --python PYTHON [ROUNDS]    the PyTorch of an interpreter that has it
#
# Both sides count processor time, so that what else runs on the machine hardly counts, and both get the batch that suits
# them best; `standard` is Pare with the frames of its standard recipe. Figures are medians over the rounds, 3 by default.
set -eu
torch_version=2.15.0
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

case "${1:-}" in
  --install)
    python3 -m venv "$scratch/venv"
    "$scratch/venv/bin/pip" install --quiet "torch==$torch_version" numpy
    python="$scratch/venv/bin/python"
    rounds=${2:-3} ;;
  --python)
    python=${2:?--python wants an interpreter}
    rounds=${3:-3} ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 64 ;;
esac

swift build --package-path "$here" -c release --product bench-training >&2
bench=$(swift build --package-path "$here" -c release --show-bin-path)/bench-training
pin=
if command -v taskset >/dev/null; then pin="taskset -c 0"; fi

round=1
while [ "$round" -le "$rounds" ]; do
  echo "round $round of $rounds" >&2
  $pin "$bench" --runs 7 >>"$scratch/pare"
  OMP_NUM_THREADS=1 $pin "$python" "$here/pytorch_training.py" >>"$scratch/torch"
  round=$((round + 1))
done

"$python" - "$scratch/pare" "$scratch/torch" <<'PYTHON'
import re, statistics, sys

pare, torch, peaks, percents = {}, {}, [], {}
for line in open(sys.argv[1]):
    if match := re.match(r"(k\S+) +(\S+) +([\d.]+) .* (\d+)$", line):
        pare.setdefault(match[1], {}).setdefault(match[2], []).append(float(match[3]))
        percents.setdefault((match[1], match[2]), []).append(int(match[4]))
    elif match := re.match(r"measured peak.*: ([\d.]+)", line):
        peaks.append(float(match[1]))
    elif line.startswith("forward"):
        print(line.rstrip())
for line in open(sys.argv[2]):
    if match := re.match(r"(k\S+) +([\d.]+)", line):
        torch.setdefault(match[1], []).append(float(match[2]))
    elif line.startswith("torch"):
        version = line.split(",")[0]
print(f"{version}; million samples/s of one core with {statistics.median(peaks):.1f} GFLOP/s")
print("| network | Pare, standard | Pare, best | frames | % of peak | PyTorch, best | ratio | ratio, standard |")
print("|---|---|---|---|---|---|---|---|")
for name, by_frames in pare.items():
    medians = {frames: statistics.median(speeds) for frames, speeds in by_frames.items()}
    best = max(medians, key=medians.get)
    standard = next(iter(medians.values()))
    other = statistics.median(torch[name])
    percent = statistics.median(percents[name, best])
    print(f"| {name} | {standard:.1f} | {medians[best]:.1f} | {best} | {percent:.0f} | {other:.2f} "
          f"| {medians[best] / other:.1f} | {standard / other:.1f} |")
PYTHON
