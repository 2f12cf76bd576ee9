#!/usr/bin/env bash
# Everything one does with this repository. `./build.sh help` lists it.
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly solution=$root/DiffusionSharp.sln
readonly packages=$root/artifacts/packages
# The counts in `test` are read from English output.
export DOTNET_CLI_UI_LANGUAGE=en

help() {
  cat <<'HELP'
Usage: ./build.sh COMMAND

  demo ["PROMPT"]    makes a picture with the embedded model, by default of a red apple
  test [ARGS]        builds, runs all tests and counts them; ARGS go to dotnet test
  bench [FILTER]     runs the benchmarks whose names match FILTER; by default all, and benchmarks/measure.sh
  pack               packs all packages into artifacts/packages
  format [--check]   formats the code, or checks that it is formatted
  help               shows this
HELP
}

demo() {
  [[ $# -gt 0 ]] || set -- "a red apple"
  dotnet run -c Release --project "$root/samples/TextToImage" -- "$@"
}

run_tests() {
  local log status=0
  log=$(mktemp)
  # The tests alone would leave samples and benchmarks unbuilt.
  dotnet build "$solution" -c Release -tl:off -nologo -v:quiet
  dotnet test "$solution" -c Release -tl:off --no-build "$@" 2>&1 | tee "$log" || status=$?
  failures "$log"
  # No test at all is no success either.
  awk '
    function count(name) { match($0, name ": +[0-9]+"); return substr($0, RSTART + length(name) + 1, RLENGTH - length(name) - 1) }
    /^(Passed|Failed|Skipped)! +- / { passed += count("Passed"); failed += count("Failed"); skipped += count("Skipped") }
    END { printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""; exit passed + failed == 0 }' "$log" || status=1
  rm -f "$log"
  return "$status"
}

# What a log of dotnet test says of each failed test, up to the first frames of its stack.
failures() {
  awk '
    /^  Failed .* \[.*\]$/ { rest = 12 }
    /^  (Passed|Skipped) .* \[.*\]$|^(Passed|Failed|Skipped)! +- / { rest = 0 }
    rest-- > 0 { print substr($0, 1, 400) }' "$1"
}

bench() {
  dotnet run -c Release --project "$root/benchmarks/DiffusionSharp.Benchmarks" -- --filter "${1:-*}"
  [[ $# -gt 0 ]] || "$root/benchmarks/measure.sh"
}

pack() {
  rm -rf "$packages"
  dotnet pack "$solution" -c Release -tl:off -o "$packages"
}

format() {
  local verify=()
  case ${1:-} in
    '') ;;
    --check) verify=(--verify-no-changes) ;;
    *) fail "format takes nothing or --check, not '$1'." ;;
  esac
  dotnet format whitespace "$solution" ${verify[@]+"${verify[@]}"}
  dotnet format style "$solution" --severity warn ${verify[@]+"${verify[@]}"}
}

need_sdk() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is needed, and there is no 'dotnet' on the PATH."
  (cd "$root" && dotnet --version >/dev/null 2>&1) || fail "the .NET 10 SDK is needed (see global.json), and 'dotnet' has only: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')"
}

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

command=${1:-help}
shift || true
case $command in
  help | -h | --help) help ;;
  demo | bench | pack | format) need_sdk && "$command" "$@" ;;
  test) need_sdk && run_tests "$@" ;;
  *) fail "there is no command '$command'; ./build.sh help lists them." ;;
esac
