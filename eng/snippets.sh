#!/usr/bin/env bash
# Is every snippet of README.md and docs/ the code that samples/Snippets compiles? A fenced block that is preceded by the comment
# `<!-- snippet: NAME -->` must equal the region NAME there. `eng/snippets.sh --write` puts the regions into the pages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
  local write=${1:-} work page failed=0
  [[ -z $write || $write == --write ]] || fail "takes nothing or --write, not '$write'."
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir "$work/regions"
  extract "$work/regions"

  while IFS= read -r page; do
    expand "$work/regions" "$page" >"$work/page" || failed=1
    if [[ $write == --write ]]; then
      cmp -s "$work/page" "$page" || { cat "$work/page" >"$page"; echo "snippets: wrote $page"; }
    elif ! diff -u --label "$page" --label 'samples/Snippets' "$page" "$work/page"; then
      failed=1
    fi
  done < <(pages)
  [[ $failed -eq 0 ]] || fail "pages and samples/Snippets differ; eng/snippets.sh --write takes the code into the pages."
}

pages() {
  {
    echo README.md
    find docs src -name '*.md' -not -path '*/bin/*' -not -path '*/obj/*'
  } | LC_ALL=C sort
}

# Each region to a file of its name, without its indentation. Regions of one name in one file belong together, an empty line apart.
extract() {
  local source
  for source in samples/Snippets/*.cs; do
    awk -v folder="$1" '
      function flush_region(   i, indent, line, path) {
        indent = 1000
        for (i = 1; i <= count; i++)
          if (lines[i] ~ /[^ ]/) { match(lines[i], /^ */); if (RLENGTH < indent) indent = RLENGTH }
        path = folder "/" name
        if (name in seen) print "" > path
        seen[name] = 1
        for (i = 1; i <= count; i++) { line = substr(lines[i], indent + 1); print line > path }
      }
      /^ *#region / { name = $2; count = 0; inside = 1; next }
      /^ *#endregion/ { if (inside) flush_region(); inside = 0; next }
      inside { sub(/\r$/, ""); lines[++count] = $0 }' "$source"
  done
}

# A page with its snippets as they should be. A csharp block without a name is an error, as is a name without a region.
expand() {
  awk -v folder="$1" -v page="$2" '
    function error(text) { print "snippets: " page ":" FNR ": " text > "/dev/stderr"; status = 1 }
    /^<!-- snippet: .* -->$/ { name = $3; print; next }
    /^```csharp/ {
      print
      if (name == "") { error("this block has no <!-- snippet: NAME --> above it."); next }
      path = folder "/" name
      found = 0
      while ((getline line < path) > 0) { print line; found = 1 }
      close(path)
      if (!found) error("samples/Snippets has no region " name ".")
      skipping = found
      name = ""
      next
    }
    /^```/ { skipping = 0 }
    !skipping { print }
    !/^<!-- snippet/ { if ($0 != "") name = "" }
    END { exit status }' "$2"
}

fail() {
  echo "snippets: $*" >&2
  exit 1
}

main "$@"
