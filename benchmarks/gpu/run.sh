#!/usr/bin/env bash
# All of unpack-and-run.sh that fits into a time: run.sh OUT SECONDS [ARGUMENTS].
exec bash "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/unpack-and-run.sh" --out "$1" --seconds "$2" "${@:3}"
