#!/usr/bin/env bash
# Fills eng/feed with labelled packages where this machine's NuGet sources lack the official ones (docs/building-offline.md).
# The outcome is remembered until the inputs change; `eng/feed.sh --again` asks the sources again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly npm_package=com.github.asus4.onnxruntime
readonly npm_version=0.4.9
readonly npm_integrity=sha512-BkzxduSZ9IkeDP6Q8lz2TFU2ie7hSSvS7ZIfzMooExoq0CNzJnuuGaUJ7IsojBgqO4ouD1jXah8OYyJbCN29Fg==

readonly feed=eng/feed
readonly cache=eng/.cache

main() {
  mkdir -p "$cache"
  ensure OnnxRuntime 'Microsoft.ML.OnnxRuntime' eng/onnxruntime "${1:-}"
  ensure ImageSharp 'SixLabors.ImageSharp' eng/imagesharp-standin "${1:-}"
  forget_other_builds
}

# One package family: the official one where there is one, else the labelled one.
ensure() {
  local family=$1 package=$2 sources=$3 again=$4 stamp=$feed/.$1 inputs official labelled
  inputs=$(inputs_of "$sources")
  [[ -z $again && -f $stamp && $(<"$stamp") == "$inputs" ]] && return

  official=$(version "${family}Official")
  labelled=$(version "${family}Labelled")
  rm -f "$stamp" "$feed/$package".*.nupkg
  if has_official "$family"; then
    echo "feed: $package $official, the official package, is available from this machine's NuGet sources."
  else
    "pack_$family"
    echo "feed: packed $package $labelled from $origin, because no NuGet source of this machine has $official."
  fi
  echo "$inputs" >"$stamp"
}

# A checksum of everything that the outcome depends on.
inputs_of() {
  {
    grep -E 'Official|Labelled' Directory.Packages.props
    find eng/feed.sh eng/Directory.Build.props eng/probe "$1" -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0 | LC_ALL=C sort -z | xargs -0 cat
  } | cksum
}

version() { dotnet msbuild eng/probe -getProperty:"$1"; }

# Only "no such package" sends us to a labelled one; an unreachable source is the user's to know about.
has_official() {
  local log=$cache/probe-$1.log
  if dotnet restore eng/probe --artifacts-path "$cache/build" --no-http-cache -p:Probe="$1" >"$log" 2>&1; then
    return 0
  fi
  grep -qE 'error NU110[123]' "$log" || fail "asking the NuGet sources for $1 failed:"$'\n'"$(grep -m1 error "$log" || cat "$log")"
  return 1
}

pack_OnnxRuntime() {
  origin="the npm package $npm_package $npm_version"
  command -v npm >/dev/null || fail "npm is needed to take ONNX Runtime from $origin, because no NuGet source of this machine has it."
  local tarball=$cache/$npm_package-$npm_version.tgz unpacked=$PWD/$cache/package
  if [[ ! -f $tarball || $(integrity "$tarball") != "$npm_integrity" ]]; then
    npm pack --silent --pack-destination "$cache" "$npm_package@$npm_version" >/dev/null || fail "npm could not download $origin."
    [[ $(integrity "$tarball") == "$npm_integrity" ]] || fail "$origin is not the one that eng/feed.sh expects: its checksum differs."
  fi
  rm -rf "$unpacked"
  tar -xzf "$tarball" -C "$cache" package/{Runtime,Plugins/Linux,Plugins/Windows,Plugins/macOS,LICENSE,ThirdPartyNotices.txt}
  pack eng/onnxruntime/managed -p:NpmPackage="$unpacked"
  pack eng/onnxruntime/native -p:NpmPackage="$unpacked"
  rm -rf "$unpacked"
}

pack_ImageSharp() {
  origin=eng/imagesharp-standin
  pack eng/imagesharp-standin
}

# Packed beside the feed and moved, so that a build never sees half a file.
pack() {
  local log=$cache/pack.log
  dotnet pack "$1" -c Release --artifacts-path "$cache/build" -o "$cache/packed" "${@:2}" >"$log" 2>&1 || { cat "$log" >&2; fail "packing $1 failed."; }
  mv "$cache"/packed/*.nupkg "$feed/"
}

integrity() {
  node -e 'const b = require("fs").readFileSync(process.argv[1]); console.log("sha512-" + require("crypto").createHash("sha512").update(b).digest("base64"))' "$1"
}

# NuGet never looks twice at a version that it has unpacked, but another checkout may have packed the same version differently.
forget_other_builds() {
  local packages=${NUGET_PACKAGES:-$HOME/.nuget/packages} nupkg unpacked
  for nupkg in "$feed"/*.nupkg; do
    for unpacked in "$packages"/*/*/"$(basename "$nupkg" | tr '[:upper:]' '[:lower:]')"; do
      if [[ -f $nupkg && -f $unpacked ]] && ! cmp -s "$nupkg" "$unpacked"; then
        rm -rf "$(dirname "$unpacked")"
      fi
    done
  done
}

fail() {
  echo "feed: $*" >&2
  exit 1
}

main "$@"
