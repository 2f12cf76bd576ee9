#!/usr/bin/env bash
# Trains all networks from nothing, exports them, and draws a sheet. The same command again goes on
# where it was interrupted (with CUDA from the last stage that ended); with more minutes, a finished model is trained
# further, every network of it.
# Usage: train.sh [MINUTES] [FOLDER]; MINUTES of training in all (250 by default, with CUDA 12), FOLDER instead of
# training/work.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly python=${PYTHON:-python3}
readonly minutes=${1:-250}
readonly work=${2:-$here/work}

has_cuda() { "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; }

run() {
  echo "== $*"
  local script=$1
  shift
  "$python" "$here/$script" --work "$work" "$@"
}

part() { awk -v part="$1" -v all="$minutes" 'BEGIN { print part * all }'; }

train_on_cores() {
  run train_autoencoder.py --minutes "$(part 0.2)"
  [[ $work/scenes.json -nt $work/autoencoder.pt ]] || run encode_latents.py --scenes "$(part 250 | cut -d. -f1)"
  run train_prior.py --minutes "$(part 0.4)"
  run train_recognizer.py --minutes "$(part 0.1)"
  run train_denoiser.py --minutes "$(part 0.24)"
  run train_decoder.py --minutes "$(part 0.06)"
}

[[ -e $work/full.npy ]] || run build_data.py
[[ -e $work/tokenizer ]] || run train_tokenizer.py
if has_cuda; then run train_on_gpu.py ${1:+--minutes "$1"}; else train_on_cores; fi
run export.py
run sample.py
