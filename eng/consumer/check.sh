#!/usr/bin/env bash
# Are the packages in artifacts/packages usable from outside? An app that knows nothing but them must make a picture,
# and without a native ONNX Runtime it must say which package it lacks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly repository=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# NuGet would not look again at packages of the same version that it has unpacked before.
export NUGET_PACKAGES=$work/packages

main() {
  local emoji=(artifacts/packages/DiffusionSharp.Emoji.*.nupkg) version onnx_runtime
  [[ -f ${emoji[0]} ]] || fail "there is no DiffusionSharp.Emoji in artifacts/packages; run dotnet pack first."
  version=$(basename "${emoji[0]}" .nupkg)
  version=${version#DiffusionSharp.Emoji.}
  onnx_runtime=$(sed -n 's/.*"Microsoft.ML.OnnxRuntime" Version="\([^"]*\)".*/\1/p' Directory.Packages.props)

  build with -p:DiffusionSharpVersion="$version" -p:OnnxRuntimeVersion="$onnx_runtime"
  dotnet "$work/with/out/Consumer.dll" "$work/apple.png" || fail "the app failed."
  [[ -s $work/apple.png ]] || fail "the app made no picture."

  build without -p:DiffusionSharpVersion="$version"
  # In braces, so that the shell's own word on the crash goes to the log too.
  if { dotnet "$work/without/out/Consumer.dll" "$work/none.png"; } >"$work/without.log" 2>&1; then
    fail "the app without Microsoft.ML.OnnxRuntime should have failed."
  fi
  # The name alone is no proof: it is in every stack trace too.
  grep -qiE '(package[^.]*Microsoft\.ML\.OnnxRuntime|Microsoft\.ML\.OnnxRuntime[^.]* package)' "$work/without.log" || {
    cat "$work/without.log" >&2
    fail "the app without Microsoft.ML.OnnxRuntime does not say that this package is missing."
  }
  echo "consumer: an app on DiffusionSharp $version and Microsoft.ML.OnnxRuntime $onnx_runtime makes a picture, and one without the latter says what it lacks."
}

build() {
  mkdir "$work/$1"
  cp eng/consumer/Consumer.csproj eng/consumer/Program.cs "$work/$1/"
  dotnet build "$work/$1" -c Release -o "$work/$1/out" -tl:off -p:Repository="$repository" "${@:2}" >"$work/$1.log" || {
    cat "$work/$1.log" >&2
    fail "the app does not build."
  }
}

fail() {
  echo "consumer: $*" >&2
  exit 1
}

main
