#!/usr/bin/env bash
# Every number of docs/benchmarks.md in one run, of one model and one runtime, on an idle machine: first what is measured in turn, in memory
# and between processes, one paragraph each, then the BenchmarkDotNet classes. About half an hour on two cores; everything goes into
# artifacts/measurements too, tables and all.
#
#     benchmarks/measure.sh [--full]
#
# --full also tries every session setting on the large UNet, which takes hours, and one of SDXL's shapes. PYTHON is a Python with onnx and numpy, for the large
# UNet, and torch, for the peer (Debian's packages python3-onnx and python3-torch); what cannot run here says so and is left out.
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly unet=$root/models/sd-unet-random
readonly decoder=$root/models/sd-decoder-random
readonly published=$root/models/sd-random
readonly large=$root/models/sdxl-unet-random
readonly size=${1:-}
readonly benchmarks=$root/benchmarks/DiffusionSharp.Benchmarks/bin/Release/net10.0/DiffusionSharp.Benchmarks.dll
readonly out=$root/artifacts/measurements

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
  dotnet "$benchmarks" "$@"
  echo
}

# On what all that follows was measured.
conditions() {
  local package
  echo "# $(date -u +%F), commit $(git -C "$root" describe --always --dirty), load $(cut -d' ' -f1 /proc/loadavg)"
  echo ".NET $(dotnet --list-runtimes | awk '/NETCore.App/ { version = $2 } END { print version }'), $(uname -sr), $(nproc) cores of$(sed -n 's/^model name.*://p' /proc/cpuinfo | head -n 1)"
  for package in Microsoft.ML.OnnxRuntime BenchmarkDotNet SixLabors.ImageSharp; do
    sed -n "s/.*\"\($package\)\" Version=\"\([^\"]*\)\".*/\1 \2/p" "$root/Directory.Packages.props"
  done
  du -sk "$root/src/DiffusionSharp.Emoji/model" | awk '{ print "embedded model: " $1 " KB" }'
  echo
}

readonly python=$(find_python)

has() { "$python" -c "import $1" 2>/dev/null || { echo "left out: PYTHON=$python lacks one of $1" && false; }; }

rm -rf "$out"
mkdir -p "$out"
exec > >(tee "$out/measurements.txt") 2>&1
dotnet build "$root/benchmarks/DiffusionSharp.Benchmarks" -c Release -tl:off -nologo -v:quiet
conditions
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
measure load 15

if has onnx,numpy; then
  [[ -f $unet/config.json ]] || "$python" "$root/benchmarks/models/make_sd_unet.py" "$unet"
  measure step-overhead "$unet" 8
  measure memory "$unet" 2
  [[ -f $decoder/config.json ]] || "$python" "$root/benchmarks/models/make_sd_decoder.py" "$decoder"
  measure memory decoder "$decoder" 1024 0
  measure memory decoder "$decoder" 1024 512
  [[ -f $published/unet/config.json ]] || "$python" "$root/benchmarks/models/make_sd_safetensors.py" "$unet" "$published/unet"
  [[ -f $published/vae/config.json ]] || "$python" "$root/benchmarks/models/make_sd_safetensors.py" "$decoder" "$published/vae"
  measure forms "$unet" "$published/unet" plain 4 2 64 64
  measure forms "$unet" "$published/unet" small 4 2 64 64
  measure forms "$unet" "$published/unet" fast 4 2 64 64
  measure forms "$decoder" "$published/vae" fast 4 1 64 64
  [[ -f $published/lora.safetensors ]] || "$python" "$root/benchmarks/models/make_lora.py" "$published/unet" "$published/lora.safetensors"
  measure sharing "$published/unet" 2
  measure sharing "$published/unet" 2 "$published/lora.safetensors"
  if [[ $size == --full ]]; then
    measure sessions "$unet" 5
    # SDXL's, with 3 of 10 layers in its lowest transformers: all of it, twice, does not fit into 24 GB.
    [[ -f $large/config.json ]] || "$python" "$root/benchmarks/models/make_sd_unet.py" "$large" --xl 3
    [[ -f $published/large/config.json ]] || "$python" "$root/benchmarks/models/make_sd_safetensors.py" "$large" "$published/large"
    for form in plain small fast; do
      measure forms "$large" "$published/large" "$form" 4 1 128 128
    done
  fi
fi

if has torch,onnx,numpy; then
  # PyTorch has threads of its own; OpenBLAS with as many beside them is many times slower.
  OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1} "$python" "$root/benchmarks/peers/pytorch.py" 11
fi
"$root/benchmarks/start-time.sh" 11

# The tables lie in $out/results, too.
measure --filter '*' --artifacts "$out"
