#!/usr/bin/env bash
# Are the packages in artifacts/packages usable from outside? Apps that know nothing but them must make a picture: one of a few lines, without a native
# ONNX Runtime it must say which package it lacks; a hosted one with logging and OpenTelemetry; and those that the templates create.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_UI_LANGUAGE=en

readonly repository=$PWD
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; rm -rf "$work"' EXIT
# NuGet would not look again at packages of the same version that it has unpacked before.
export NUGET_PACKAGES=$work/packages

main() {
  local emoji=(artifacts/packages/DiffusionSharp.Emoji.*.nupkg) version onnx_runtime
  [[ -f ${emoji[0]} ]] || fail "there is no DiffusionSharp.Emoji in artifacts/packages; run dotnet pack first."
  version=$(basename "${emoji[0]}" .nupkg)
  version=${version#DiffusionSharp.Emoji.}
  onnx_runtime=$(version_of Microsoft.ML.OnnxRuntime)

  copy Consumer with
  build with -p:DiffusionSharpVersion="$version" -p:OnnxRuntimeVersion="$onnx_runtime"
  dotnet "$work/with/out/Consumer.dll" "$work/apple.png" || fail "the app failed."
  require_png "$work/apple.png"

  copy Consumer without
  build without -p:DiffusionSharpVersion="$version"
  # In braces, so that the shell's own word on the crash goes to the log too.
  if { dotnet "$work/without/out/Consumer.dll" "$work/none.png"; } >"$work/without.log" 2>&1; then
    fail "the app without Microsoft.ML.OnnxRuntime should have failed."
  fi
  # The name alone is no proof: it is in every stack trace too.
  require "$work/without.log" '(package[^.]*Microsoft\.ML\.OnnxRuntime|Microsoft\.ML\.OnnxRuntime[^.]* package)' "the app without Microsoft.ML.OnnxRuntime does not say that this package is missing."
  echo "consumer: an app on DiffusionSharp $version and Microsoft.ML.OnnxRuntime $onnx_runtime makes a picture, and one without the latter says what it lacks."

  copy Hosted hosted
  build hosted -p:DiffusionSharpVersion="$version" -p:OnnxRuntimeVersion="$onnx_runtime" -p:HostingVersion="$(version_of Microsoft.Extensions.Hosting)" -p:OpenTelemetryVersion="$(version_of OpenTelemetry.Extensions.Hosting)"
  dotnet "$work/hosted/out/Hosted.dll" "$work/hosted.png" >"$work/hosted.run.log" 2>&1 || { cat "$work/hosted.run.log" >&2; fail "the hosted app failed."; }
  cmp "$work/apple.png" "$work/hosted.png" || fail "the hosted app draws another picture."
  require "$work/hosted.run.log" "The pipeline 'emoji' is ready" "the hosted app does not log."
  require "$work/hosted.run.log" 'Activity\.DisplayName: +generation' "the hosted app exports no spans."
  require "$work/hosted.run.log" 'Name: diffusionsharp\.generation\.duration' "the hosted app exports no metrics."
  echo "consumer: a hosted app makes the same picture, logs, and exports spans and metrics."

  dotnet new install "artifacts/packages/DiffusionSharp.Templates.$version.nupkg" --debug:custom-hive "$work/hive" >"$work/install.log" || { cat "$work/install.log" >&2; fail "the templates cannot be installed."; }
  create console
  (cd "$work/console" && dotnet out/Drawing.dll a red heart >"$work/console.run.log") || fail "the console template's app failed."
  require_png "$work/console/picture.png"
  create api
  draw_over_http
  echo "consumer: what the templates create builds and draws, on the command line and over HTTP."
}

# The version of a package that the repository uses.
version_of() {
  sed -n "s/.*\"$1\" Version=\"\([^\"]*\)\".*/\1/p" Directory.Packages.props
}

copy() {
  cp -r "eng/consumer/$1" "$work/$2"
}

build() {
  dotnet build "$work/$1" -c Release -o "$work/$1/out" -tl:off -p:Repository="$repository" "${@:2}" >"$work/$1.log" || {
    cat "$work/$1.log" >&2
    fail "the app '$1' does not build."
  }
}

# Creates and builds the app of a template.
create() {
  dotnet new "diffusionsharp-$1" -n Drawing -o "$work/$1" --debug:custom-hive "$work/hive" >"$work/$1.new.log" || { cat "$work/$1.new.log" >&2; fail "the template diffusionsharp-$1 creates nothing."; }
  build "$1" -p:RestoreAdditionalProjectSources="$repository/artifacts/packages"
}

# Starts the server of the api template on a port of the system's choice, and asks it for a picture when it is ready.
draw_over_http() {
  local log=$work/api.run.log port i
  : >"$log"
  (cd "$work/api" && exec dotnet out/Drawing.dll --urls http://127.0.0.1:0 --Logging:LogLevel:Microsoft.Hosting.Lifetime Information) >"$log" 2>&1 &
  server=$!
  for ((i = 0; i < 120; i++)); do
    port=$(sed -n 's/.*Now listening on: http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' "$log")
    if [[ -n $port ]] && ask "$port" GET /ready | head -1 | grep -q ' 200'; then
      break
    fi
    kill -0 "$server" 2>/dev/null || { cat "$log" >&2; fail "the api template's app ended."; }
    sleep 0.5
  done
  ask "$port" POST /v1/images/generations '{"prompt": "a red apple", "seed": 1, "steps": 4}' >"$work/api.answer"
  # In base64 a PNG begins so.
  require "$work/api.answer" '"b64_json": *"iVBORw0KGgo' "the api template's app draws nothing."
  kill "$server"
  wait "$server" || fail "the api template's app did not end well."
  server=
}

# HTTP without a client, which the machine may not have; of the old version, whose answers come in one piece.
ask() {
  local body=${4:-}
  {
    printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' "$2" "$3" "$1" "${#body}" "$body" >&3
    cat <&3
  } 3<>"/dev/tcp/127.0.0.1/$1"
}

require() {
  grep -qiE "$2" "$1" || {
    cat "$1" >&2
    fail "$3"
  }
}

require_png() {
  [[ $(head -c 4 "$1" 2>/dev/null | tail -c 3) == PNG ]] || fail "$1 is no picture."
}

fail() {
  echo "consumer: $*" >&2
  exit 1
}

main
