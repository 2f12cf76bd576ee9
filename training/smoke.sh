#!/usr/bin/env bash
# Runs every stage and every companion for a few steps, and resumes what trains. The pictures are noise; what counts is
# that it runs.
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
  nice -n 19 "$python" "$here/$script" "$@" --work "$work" 2>&1 | tee "$work.log"
}

resumes() {
  run "$@" --steps 8 --batch 4
  run "$@" --steps 16 --batch 4
  if ! grep -q '^resumed at step 8,' "$work.log" || ! grep -q '^finished at step 16' "$work.log"; then
    echo "$1 did not resume" >&2
    exit 1
  fi
}

run build_data.py
run train_tokenizer.py
resumes train_autoencoder.py
run encode_latents.py --scenes 100
resumes train_prior.py
resumes train_recognizer.py
resumes train_denoiser.py
resumes train_decoder.py
run export.py
run sample.py --steps 4 --prompts "a red apple" "a house on a blue background"
run evaluation_set.py --held-out 4
run evaluate.py --limit 4 --guidance 2 --steps 4 --samplers DDIM:4 DDPM:1000 --sampler-names 1
run sheets.py --steps 2
for name in vq-autoencoder vq classes-128 inpainting silhouette few-steps classes upscaler classifier gan pixels-prior pixels pair prior unclip bert; do
  resumes train_companion.py "$name"
done
run export_companions.py
# From the model folder alone, training goes on, too.
rm "$work"/*.pt
run import_model.py --model "$work/model"
run train_denoiser.py --steps 8 --batch 4
run train_on_gpu.py --stages prior recognizer denoiser decoder --steps 16 --batch 0.02 --scenes 640 --pictures 100
run export.py
echo "every stage ran"
