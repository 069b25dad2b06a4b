#!/usr/bin/env bash
# Runs the command as another platform's program on this machine, and compares what it does with what the Linux x64 build does.
#   tests/platforms/run.sh wine     win-x64 under Wine: every byte equal
#   tests/platforms/run.sh arm64    linux-arm64 under qemu: tokens and exported files byte for byte, vectors within bounds
#   tests/platforms/run.sh aot      the same platform, compiled ahead of time: every byte equal to the command that .NET runs without AVX-512
#   tests/platforms/run.sh wine npm      with other natives than NuGet's (-p:ColbertNatives), here those that packages for Windows have
# It needs Linux x64, the .NET SDK and Debian's packages (as root, or with sudo that asks nothing), which it installs. What it makes lies below
# out/platforms. Exit code 0: all equal; 1: something differs or an installed emulator does not start, said above; 77: it cannot run here, with the reason.
set -uo pipefail
. "$(dirname "$0")/../signals.sh"
cd "$(dirname "$0")/../.."
platform=${1:-} natives=${2:-nuget}
. tests/platforms/tools.sh
. tests/platforms/cases.sh
case $platform in
    wine) rid=win-x64 ;;
    arm64) rid=linux-arm64 ;;
    aot) rid=aot ;;
    *) echo "Usage: tests/platforms/run.sh wine|arm64|aot [nuget|npm]" >&2; exit 2 ;;
esac
[ "$natives" = nuget ] || [ "$natives" = npm ] || { echo "Natives come from nuget or npm, not from '$natives'." >&2; exit 2; }
[ "$(uname -sm)" = 'Linux x86_64' ] || skip "This is $(uname -sm); the reference is Linux x86_64."

repository=$PWD built=$PWD/out/platforms/built-$natives work=$PWD/out/platforms/$platform
here=$work/here there=$work/there log=$work/log
# What the caller has set for programs of his own.
unset $(compgen -v COLBERT_) WINEARCH WINEDLLOVERRIDES WINEPATH
mkdir -p out/platforms && exec 9>out/platforms/lock || exit 1
flock -n 9 || { echo 'Waiting for another run in this folder.'; flock 9; }
running= watch=
trap '[ -z "$running$watch" ] || kill -KILL -- ${running:+-$running} ${watch:+-$watch} 2>/dev/null' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$work" "$built" && rm -rf "$here" "$there" "$log" && mkdir -p "$here" "$there" "$log" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
"install_$platform"
publish src/ColbertOnnx.Cli linux-x64 linux-x64
if [ $platform = aot ]; then publish_aot; else publish src/ColbertOnnx.Cli $rid $rid; publish_module $rid; fi
failures=0 compared=0
"cases_$platform"
echo "$compared comparisons, $failures of them failed: $rid against linux-x64, $(emulator), natives from $natives."
[ "$failures" -eq 0 ]
