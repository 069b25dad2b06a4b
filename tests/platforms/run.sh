#!/usr/bin/env bash
# Runs the command as another platform's program on this machine, and compares what it does with what the Linux x64 build does.
#   tests/platforms/run.sh wine     win-x64 under Wine: every byte equal
#   tests/platforms/run.sh arm64    linux-arm64 under qemu: tokens and exported files byte for byte, vectors within bounds
# It needs Linux x64, the .NET SDK and Debian's packages (as root, or with sudo that asks nothing), which it installs. What it makes lies below
# out/platforms. Exit code 0: all equal; 1: something differs, said above; 77: it cannot run here, with the reason.
set -uo pipefail
cd "$(dirname "$0")/../.."
platform=${1:-}
. tests/platforms/tools.sh
. tests/platforms/cases.sh
case $platform in
    wine) rid=win-x64 ;;
    arm64) rid=linux-arm64 ;;
    *) echo "Usage: tests/platforms/run.sh wine|arm64" >&2; exit 2 ;;
esac
[ "$(uname -sm)" = 'Linux x86_64' ] || skip "This is $(uname -sm); the reference is Linux x86_64."

repository=$PWD built=$PWD/out/platforms/built work=$PWD/out/platforms/$platform
here=$work/here there=$work/there log=$work/log
mkdir -p "$work" "$built" && rm -rf "$here" "$there" "$log" && mkdir -p "$here" "$there" "$log" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
"install_$platform"
publish src/ColbertOnnx.Cli linux-x64 linux-x64
publish src/ColbertOnnx.Cli $rid $rid
publish_module $rid
failures=0 compared=0
"cases_$platform"
echo "$compared comparisons, $failures of them failed: $rid against linux-x64, $(emulator)."
[ "$failures" -eq 0 ]
