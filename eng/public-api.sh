#!/usr/bin/env bash
# Writes the public surface of every package anew into the PublicAPI.Unshipped.txt beside its project; see eng/PublicApi.props.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in src/*/; do
  # Shipped is filled when a version is released: what stands there is not repeated in the other.
  [[ -f ${project}PublicAPI.Shipped.txt ]] || echo '#nullable enable' >"${project}PublicAPI.Shipped.txt"
  echo '#nullable enable' >"${project}PublicAPI.Unshipped.txt"
  dotnet format analyzers "$project" --diagnostics RS0016 --severity warn
done
