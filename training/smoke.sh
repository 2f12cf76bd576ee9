#!/usr/bin/env bash
# Runs every stage for a few steps, and resumes both that train. The pictures are noise; what counts is that it runs.
# Usage: smoke.sh [FOLDER]; without FOLDER a temporary one, which is deleted.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly python=${PYTHON:-python3}
if [ $# -gt 0 ]; then
  readonly work=$1
  # Checkpoints of an earlier run may be beyond the steps below.
  if [ -e "$work" ]; then
    echo "$work exists already" >&2
    exit 2
  fi
else
  readonly work=$(mktemp -d)
fi
trap 'rm -f "$work.log"; [ $# -gt 0 ] || rm -rf "$work"' EXIT

run() {
  local script=$1
  shift
  echo "== $script $*"
  nice -n 19 "$python" "$here/$script" --work "$work" "$@" 2>&1 | tee "$work.log"
}

resumes() {
  run "$@"
  if ! grep -q '^resumed at step 8,' "$work.log" || ! grep -q '^finished at step 16' "$work.log"; then
    echo "$1 did not resume" >&2
    exit 1
  fi
}

run build_data.py
run train_tokenizer.py
run train_autoencoder.py --steps 8 --batch 4 --threads 1
resumes train_autoencoder.py --steps 16 --batch 4 --threads 1
run train_denoiser.py --steps 8 --batch 4
resumes train_denoiser.py --steps 16 --batch 4
run export.py --threads 1
run sample.py --threads 1 --steps 4 --prompts "a red apple" "a house on a blue background"
echo "every stage ran"
