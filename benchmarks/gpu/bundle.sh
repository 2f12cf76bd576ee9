#!/usr/bin/env bash
# Makes a bundle that runs DiffusionSharp on CUDA on a machine with an NVIDIA GPU but without .NET and without a network.
#
#     bundle.sh FOLDER [--prune slim|arch|none] [--arch 90] [--part MiB] [--aot] [--with-model] [--small]
#
# FOLDER gets folders 1, 2, ..., each with a part of the program of at most
# --part MiB (19 by default) and all scripts. --prune (see prune_cuda.py): arch keeps the GPU code of one architecture; slim, the default, of
# that also leaves out language models, bfloat16 attention, attention of other widths than 64, 96 and 192, and code of other tensor cores; none keeps everything. --aot compiles
# ahead of time (smaller). --with-model takes the embedded model along; else unpack-and-run.sh takes it from a checkout. --small is a quick
# bundle for the processor alone, to try both scripts. Needs the .NET SDK, git, python3, zstd and xz.
set -euo pipefail

readonly kit=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly needless=CollectiveMmaArrayMixedInput,MoeFCGemm,moe_gemv,3llm7kernels,cutlass10bfloat16_t,4arch4Sm50,4arch4Sm70,4arch4Sm75,masked_multihead_attention,BatchTopKKernel,Fused_Moe,GroupProblemShape,LinearAttention,GatedDeltaNet,sparse_attention,kernel_mha,matmul_block_scaled,MatMulFloat4,MatMulNBits,Flash_fwd_kernel_traitsILi32E,Flash_fwd_kernel_traitsILi128E,Flash_fwd_kernel_traitsILi256E

[[ $# -ge 1 ]] || { sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2; }
mkdir -p "$1"
readonly folder=$(cd "$1" && pwd)
shift
prune=slim arch=90 part=19 small= model= publish=(-p:PublishTrimmed=true -p:SuppressTrimAnalysisWarnings=true)
while [[ $# -gt 0 ]]; do
  case $1 in
    --prune) prune=$2; shift ;;
    --arch) arch=$2; shift ;;
    --part) part=$2; shift ;;
    --aot) publish=(-p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:IlcInstructionSet=x86-64-v3 -p:SuppressTrimAnalysisWarnings=true) ;;
    --with-model) model=yes ;;
    --small) small=yes ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
  shift
done

readonly work=$(mktemp -d "${TMPDIR:-/tmp}/bundle.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Beside the checkout and not in it.
dotnet publish "$kit/GpuCheck" -c Release -r linux-x64 --self-contained true -o "$work/app" --artifacts-path "$work/artifacts" -v:quiet -nologo \
  -p:Gpu=true -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:NuGetAudit=false "${publish[@]}"
(cd "$work/app" && rm -rf ./*.pdb ./*.dbg ./*.xml createdump libmscordaccore.so libmscordbi.so libclrgc.so libclrgcexp.so libcoreclrtraceptprovider.so libonnxruntime_providers_tensorrt.so)
[[ $model ]] || rm -rf "$work/app/emoji-model"

cuda=$work/app/libonnxruntime_providers_cuda.so
if [[ $small ]]; then
  rm "$cuda"
elif [[ $prune == slim || $prune == arch ]]; then
  python3 "$kit/prune_cuda.py" "$cuda" "$cuda.pruned" --arch "$arch" --drop "$([[ $prune == arch ]] || echo $needless)"
  mv "$cuda.pruned" "$cuda"
elif [[ $prune != none ]]; then
  echo "--prune slim, arch or none" >&2
  exit 2
fi

mkdir "$work/parts"
tar -C "$work/app" --owner=0 --group=0 --sort=name -c . | xz "$([[ $small ]] && echo -1 || echo -9)" -T2 | split -b "${part}M" -d - "$work/parts/app.part-"
(cd "$work/parts" && sha256sum app.part-* >parts.sha256)
number=0
for file in "$work"/parts/app.part-*; do
  number=$((number + 1))
  rm -rf "${folder:?}/$number"
  mkdir -p "$folder/$number/models"
  cp "$file" "$work/parts/parts.sha256" "$kit/run.sh" "$kit/unpack-and-run.sh" "$folder/$number/"
  cp "$kit"/models/*.py "$folder/$number/models/"
done
du -b --max-depth=1 "$folder"
