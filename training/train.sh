#!/usr/bin/env bash
# Trains the autoencoder and the denoiser from nothing, exports them, and draws a sheet. The same command again goes on
# where it was interrupted.
# Usage: train.sh [MINUTES] [FOLDER]; MINUTES of training in all (73 by default), FOLDER instead of training/work.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly python=${PYTHON:-python3}
readonly minutes=${1:-73}
readonly work=${2:-$here/work}

run() {
  echo "== $*"
  local script=$1
  shift
  "$python" "$here/$script" --work "$work" "$@"
}

part() { awk -v part="$1" -v all="$minutes" 'BEGIN { print part * all }'; }

[[ -e $work/full.npy ]] || run build_data.py
[[ -e $work/tokenizer ]] || run train_tokenizer.py
run train_autoencoder.py --minutes "$(part 0.15)"
run train_denoiser.py --minutes "$(part 0.85)"
run export.py
run sample.py
