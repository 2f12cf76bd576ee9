#!/usr/bin/env bash
# Every measurement that is not a BenchmarkDotNet class, one paragraph each: about ten minutes on an idle machine of two cores.
#
#     benchmarks/measure.sh [--full]
#
# --full also tries every session setting on the large UNet, which takes hours. PYTHON is a Python with onnx and numpy, for the large
# UNet, and torch, for the peer (Debian's packages python3-onnx and python3-torch); what cannot run here says so and is left out.
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly unet=$root/models/sd-unet-random
readonly size=${1:-}

# The first that can make the large UNet; the system's is often not the first on the PATH.
find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" /usr/bin/python3; do
    if "$candidate" -c 'import onnx, numpy' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "${PYTHON:-python3}"
}

measure() {
  echo "# $*"
  dotnet "$root/benchmarks/DiffusionSharp.Benchmarks/bin/Release/net10.0/DiffusionSharp.Benchmarks.dll" "$@"
  echo
}

readonly python=$(find_python)

has() { "$python" -c "import $1" 2>/dev/null || { echo "left out: PYTHON=$python lacks one of $1" && false; }; }

dotnet build "$root/benchmarks/DiffusionSharp.Benchmarks" -c Release -tl:off -nologo -v:quiet
measure conversions
measure scheduler-steps
measure tokenizer
measure pipeline-overhead 31
measure growth 5 "$root/docs/images/cost-growth.png"
measure batching "$root/docs/images/batching.png"
measure guidance-calls
measure memory-policy
measure sessions emoji 11
measure memory emoji 3

if has onnx,numpy; then
  [[ -f $unet/config.json ]] || "$python" "$root/benchmarks/models/make_sd_unet.py" "$unet"
  measure step-overhead "$unet" 8
  measure memory "$unet" 2
  [[ $size != --full ]] || measure sessions "$unet" 5
fi

if has torch,onnx,numpy; then
  # PyTorch has threads of its own; OpenBLAS with as many beside them is many times slower.
  OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1} "$python" "$root/benchmarks/peers/pytorch.py" 11
fi
"$root/benchmarks/start-time.sh" 11
