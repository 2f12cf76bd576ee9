#!/usr/bin/env bash
# Writes what is public and not yet in a PublicAPI file into the PublicAPI.Unshipped.txt of its project; see eng/PublicApi.props.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# A property of every project from here on.
export TrackPublicApi=true

for project in src/*/; do
  for file in "$project"PublicAPI.{Shipped,Unshipped}.txt; do
    [[ -f $file ]] || echo '#nullable enable' >"$file"
  done
  dotnet format analyzers "$project" --diagnostics RS0016 --severity warn
done
