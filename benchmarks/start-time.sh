#!/usr/bin/env bash
# The first picture of a fresh process: samples/TextToImage compiled at run time, ahead of time where it can be (ReadyToRun, Native AOT),
# beside what ONNX Runtime alone needs to load the model and to run it. In turn; medians and quartiles in milliseconds.
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly rounds=${1:-11}
readonly out=$root/artifacts/start-time
readonly runtime=$(dotnet --info | awk '/^ *RID:/ { print $2 }')

publish() {
  local name=$1
  shift
  dotnet publish "$root/samples/TextToImage" -o "$out/$name" -tl:off -nologo -v:quiet "$@" >"$out/$name.log" 2>&1
}

# Milliseconds from the start of the process until it has ended, the picture on disk.
draw() {
  local started
  started=$(date +%s%N)
  "$out/$1/TextToImage" "a red apple" --output "$out/picture.png" >/dev/null
  echo $((($(date +%s%N) - started) / 1000000)) >>"$out/$1.ms"
}

summarise() {
  sort -n "$out/$1.ms" | awk -v name="$1" -v bare="$2" '
    { ms[NR] = $1 }
    END { median = ms[int(NR / 2) + 1]; printf "%s: %d ms (%d to %d)%s\n", name, median, ms[int(NR / 4) + 1], ms[int(NR * 3 / 4) + 1], bare ? sprintf(", %.2f times the bare sessions", median / bare) : "" }'
}

rm -rf "$out"
mkdir -p "$out"
dotnet build "$root/benchmarks/DiffusionSharp.Benchmarks" -c Release -tl:off -nologo -v:quiet
variants=()
publish jit --no-self-contained && variants+=(jit)
publish ready-to-run --no-self-contained -r "$runtime" -p:PublishReadyToRun=true && variants+=(ready-to-run)
publish aot -r "$runtime" -p:PublishAot=true && variants+=(aot)
for name in jit ready-to-run aot; do
  [[ " ${variants[*]} " == *" $name "* ]] || { echo "$name: cannot be published here:" && grep -m 1 -o 'error .*' "$out/$name.log" | cut -c 1-200; }
done

for ((i = 0; i < rounds; i++)); do
  dotnet "$root/benchmarks/DiffusionSharp.Benchmarks/bin/Release/net10.0/DiffusionSharp.Benchmarks.dll" bare-start >>"$out/bare.ms"
  for name in "${variants[@]}"; do
    draw "$name"
  done
done
summarise bare ''
bare=$(sort -n "$out/bare.ms" | awk '{ ms[NR] = $1 } END { print ms[int(NR / 2) + 1] }')
for name in "${variants[@]}"; do
  summarise "$name" "$bare"
done
