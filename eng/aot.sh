#!/usr/bin/env bash
# Do the samples run as native programs (Native AOT)? Publishes two of them, lets no assembly but ImageSharp warn, writes pictures and reads
# them again, PNG and JPEG with EXIF, and compares PNG with what the same samples make that are compiled at run time. Some minutes; besides the .NET SDK it needs
# a linker, Debian's package gcc or clang.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_UI_LANGUAGE=en

readonly out=$PWD/artifacts/aot

main() {
  rm -rf "$out"
  mkdir -p "$out"
  local name kind
  for name in TextToImage ImageToImage; do
    publish "native/$name" "$name" -p:PublishAot=true -p:IlcTreatWarningsAsErrors=false -p:TrimmerSingleWarn=false -p:WarnOfImageSharp=true
    publish "compiled/$name" "$name" --no-self-contained
  done
  if grep -E 'warning IL[0-9]+' "$out"/native-*.log | grep -v ': SixLabors\.ImageSharp\.'; then
    fail "these warnings are not ImageSharp's."
  fi

  for kind in native compiled; do
    mkdir "$out/$kind/pictures"
    (
      cd "$out/$kind/pictures" &&
        ../TextToImage/TextToImage "a red apple" -o apple.png &&
        ../TextToImage/TextToImage "a red apple" -o apple.jpg &&
        with_exif <apple.jpg >exif.jpg &&
        ../ImageToImage/ImageToImage "a green apple" -i apple.png -o from-png.png &&
        ../ImageToImage/ImageToImage "a green apple" -i exif.jpg -o from-jpeg.png
    ) >"$out/$kind/run.log" || fail "see $out/$kind/run.log."
  done
  # Not JPEG, whose cosine transform rounds as the instructions do that a program was compiled for.
  for name in apple.png from-png.png; do
    cmp "$out/native/pictures/$name" "$out/compiled/pictures/$name" || fail "native and compiled programs draw different pictures."
  done
  echo "aot: native programs write and read pictures, PNG bit for bit as compiled ones do, and only ImageSharp warns."
}

publish() {
  dotnet publish "samples/$2" -o "$out/$1" -tl:off -nologo --use-current-runtime "${@:3}" >"$out/${1//\//-}.log" 2>&1 || {
    cat "$out/${1//\//-}.log" >&2
    fail "samples/$2 cannot be published."
  }
}

# A JPEG with an EXIF block behind its first marker: orientation 3, upside down.
with_exif() {
  head -c 2
  printf '\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0'
  cat
}

fail() {
  echo "aot: $*" >&2
  exit 1
}

main
