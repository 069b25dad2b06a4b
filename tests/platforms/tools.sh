# What run.sh and its cases are made of. Each case runs twice with the same words: in $here by the Linux x64 build, in $there by the other.

skip() { echo "Skipped: $*"; exit 77; }

# What is there must work: without it nothing is known of the platform.
broken() { # what, its log
    echo "  FAILED: $1, the end of $2:"; tail -20 "$2"
    exit 1
}

# A set-up has an end, and a signal to this script is not kept waiting for it. It keeps no lock.
set_up() { # log, command...
    local log=$1; shift
    set -m
    timeout -v -k 10 600 "$@" >"$log" 2>&1 </dev/null 9>&- &
    running=$!
    set +m
    wait "$running"; local exit=$?
    running=
    return $exit
}

# Debian's packages, where a program of theirs is missing.
packages() { # program, packages...
    local program=$1 sudo=; shift
    { command -v "$program" || [ -x "$program" ]; } >/dev/null && return
    command -v apt-get >/dev/null || skip "There is no '$program', and no apt-get to install it."
    [ "$(id -u)" -eq 0 ] || { sudo -n true 2>/dev/null && sudo='sudo -n'; } || skip "There is no '$program', and only root may install it."
    echo "Installing $* ..."
    # In the foreground, so that Ctrl+C reaches it.
    { $sudo timeout -v --foreground -k 10 600 apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive $sudo timeout -v --foreground -k 60 600 apt-get install -qq -y --no-install-recommends "$@"; } >"$log/apt" 2>&1 ||
        skip "'$*' could not be installed: $(tail -1 "$log/apt")"
}

# In a locale of UTF-8, whatever the caller's: Wine has names of files in it. Without Wine's desktop: it shows nothing here, and what waited for it hung now and then on a busy machine.
install_wine() {
    wine=/usr/lib/wine/wine64
    [ -x $wine ] || wine=$(command -v wine64 || echo $wine)
    packages "$wine" wine wine64
    export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES=explorer.exe=d LC_ALL=C.UTF-8
    [ -e "$WINEPREFIX/.complete" ] && return
    rm -rf "$WINEPREFIX"
    set_up "$log/wineboot" $wine wineboot -i || broken 'Wine makes no prefix' "$log/wineboot"
    touch "$WINEPREFIX/.complete"
}

# Debian's arm64 packages are unpacked, never installed. ONNX Runtime reads /proc/cpuinfo while it is loaded, and ends the process with a segmentation fault where
# that speaks of another kind of CPU: qemu looks for files in its folder first, so one lies there.
install_arm64() {
    packages qemu-aarch64-static qemu-user-static
    packages debootstrap debootstrap
    sysroot=$work/sysroot
    [ -e "$sysroot/.complete" ] && return
    rm -rf "$sysroot"
    set_up "$log/debootstrap" debootstrap --arch=arm64 --foreign --variant=minbase --include=libstdc++6,libicu72,zlib1g,libssl3 bookworm "$sysroot" ||
        skip "Debian's arm64 packages cannot be had: $(tail -1 "$log/debootstrap")"
    for package in "$sysroot"/var/cache/apt/archives/*.deb; do dpkg-deb -x "$package" "$sysroot" || exit 1; done
    mkdir -p "$sysroot/proc" && cp tests/platforms/cpuinfo-arm64 "$sysroot/proc/cpuinfo" && touch "$sysroot/.complete"
}

install_aot() { command -v clang >/dev/null || command -v gcc >/dev/null || skip 'There is no clang or gcc to link it with.'; }

emulator() { case $platform in wine) $wine --version ;; arm64) qemu-aarch64-static --version | head -1 ;; *) echo 'on this machine' ;; esac; }

# In folders of its own, so that builds beside it go on undisturbed, and without the analyzers, which a build has asked. Compilers that stay behind do not keep the lock of run.sh, nor does Wine.
publish() { # project, rid, folder, more arguments...
    dotnet publish "$1" -c Release -r "$2" --self-contained -v quiet --artifacts-path "${build:-$built/build}" -p:ColbertNatives="$natives" -p:ColbertNativeRids="$2" -p:RunAnalyzers=false \
        -o "$built/$3" "${@:4}" >"$log/publish" 2>&1 9>&- || { cat "$log/publish"; exit 1; }
}

# As a package has it (tools/Package/Package.psm1), in the same folders.
publish_aot() { build=out/aot/build publish src/ColbertOnnx.Cli linux-x64 aot -p:PublishAot=true; }

# The module as it is built here, with natives for both, and PowerShell's engine for both. One that is older than its sources is built again; where tests run
# beside this it is not.
publish_module() { # rid
    local dll=module/bin/ColbertOnnx.dll
    [ -e $dll ] && [ -z "$(find src -name '*.cs' -not -path '*/obj/*' -newer $dll -print -quit)" ] || dotnet build src/ColbertOnnx -c Release -v quiet >"$log/publish" 2>&1 9>&- || { cat "$log/publish"; exit 1; }
    for each in linux-x64 "$1"; do publish tests/platforms/shell "$each" "shell-$each"; done
    rm -rf "$work/module" && mkdir "$work/module" && cp -r ColbertOnnx.psd1 module "$work/module" && rm -rf "$work/module/module/bin/runtimes" || exit 1
    cp -r "$built/linux-x64/runtimes" "$built/$1/runtimes" -t "$work/module/module/bin"
}

run_here() { # program below $built, arguments...
    # Vectors of 256 bits, as the program has them that was compiled beforehand, and .NET under Wine 8, which keeps AVX-512 from it: sums of a norm go by their width.
    if [ "$platform" != arm64 ]; then local -x DOTNET_EnableAVX512=0; fi
    COLBERT_CACHE="$work/cache-here" "$built/$1" "${@:2}"
}

# Without W^X and concurrent collections: under either emulator .NET's own runtime ends a process now and then otherwise ("Internal CLR error").
# Without profiles: code that counts its own calls is slow there, and none runs long enough to gain by it.
run_there() {
    local -x DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0
    if [ "$platform" = wine ]; then $wine "$built/$1.exe" "${@:2}"
    elif [ "$platform" = aot ]; then COLBERT_CACHE="$work/cache-there" "$built/$1" "${@:2}"
    else COLBERT_CACHE="$work/cache-there" qemu-aarch64-static -L "$sysroot" "$built/$1" "${@:2}"; fi
}

# The command; a script of PowerShell takes its place where program is shell.
start() { # side, arguments...
    local side=$1 on=linux-x64; shift
    [ "$side" = here ] || on=$rid
    if [ "${program:-colbert}" = shell ]; then "run_$side" "shell-$on/shell" "$@"; else "run_$side" "$on/colbert" "$@"; fi
}

# Waits for a process group, with job control on. One that hangs, as emulators now and then do, is killed: it fails its case and holds up no other.
ended_within() { # seconds, its leader
    (sleep "$1"; echo "After $1 s it is killed: $case" >&2; kill -KILL -- -"$2") 8>&- 9>&- &
    watch=$!
    local exit
    wait "$2" 2>/dev/null; exit=$?
    kill -KILL -- -$watch 2>/dev/null; wait $watch 2>/dev/null
    watch=
    return $exit
}

# Runs colbert on one side: what it says and its exit code go to $log/CASE.SIDE.{out,err,exit}.
on() { # side, case, arguments...
    local side=$1 case=$2 input=${input:-/dev/null}; shift 2
    set -m
    (cd "${!side}" && start "$side" "$@" <"$input" >"$log/$case.$side.raw-out" 2>"$log/$case.$side.raw-err" 9>&-) &
    running=$!
    ended_within 600 $running; echo $? >"$log/$case.$side.exit"
    set +m
    running=
    for kind in out err; do plain "${!side}" <"$log/$case.$side.raw-$kind" >"$log/$case.$side.$kind"; done
}

# No difference: how the platform writes a path and ends a line, how long it took, and what Wine and Windows' build of ONNX Runtime say of drives and of a missing GPU.
plain() { sed -e 's/\r$//' -e '/^Failed to create DXGI factory\.$/d' -e '/^wine: Read access denied for device/d' -e 's/[A-Z]:\\/\\/' -e 's|\\|/|g' -e "s|$1/||g" -e 's/[0-9.]* \(m\?s\)\b/N \1/g'; }

# A line of cmd at a console of Wine's, on a terminal of its own; what that shows goes to $log/CASE.there.out.
in_console() { # case, line
    (cd "$there" && DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0 WINEPATH="Z:${built//\//\\}\\$rid;Z:${built//\//\\}\\shell-$rid" TERM=xterm LC_ALL=C.UTF-8 \
        timeout -k 10 600 script -qec "$wine cmd /c '$2'" /dev/null </dev/null >"$log/$1.there.out" 2>"$log/$1.there.err" 9>&-)
}

result() { # what, 0 where it is as it should be
    compared=$((compared + 1))
    if [ "$2" -eq 0 ]; then echo "  same      $1"; else failures=$((failures + 1)); echo "  DIFFERENT $1"; fi
}

equal() { cmp "$2" "$3" >"$log/cmp" 2>&1; local same=$?; result "$1" $same; [ $same -eq 0 ] || { cat "$log/cmp"; diff <(head -c 2000 "$2") <(head -c 2000 "$3") | head -10; }; }

# Both sides, and what they say: exit code, standard output and standard error are equal.
both() { # case, exit code, arguments of colbert...
    local case=$1 exit=$2; shift 2
    on here "$case" "$@"; on there "$case" "$@"
    for kind in exit out err; do cmp -s "$log/$case.here.$kind" "$log/$case.there.$kind" || break; done
    equal "$case: what is said, and exit code $exit" "$log/$case.here.$kind" "$log/$case.there.$kind"
    [ "$(cat "$log/$case.here.exit")" = "$exit" ] || { result "$case: exit code $(cat "$log/$case.here.exit") here, $exit is right" 1; cat "$log/$case.here.err"; }
}

# Manifests without what says which CPU it was: Wine shows programs one of its own.
manifests() { (cd "$1" && find . -name '*.manifest.json' | sort | while read -r manifest; do echo "$manifest"; sed '/"processors": \[/,/\]/d' "$manifest"; done); }

# Every file that either side wrote is on both, with the same bytes.
same_files() { # of what, folder
    local of=$1 path=$2
    { diff -rq -x '*.manifest.json' "$here/$path" "$there/$path" && diff <(manifests "$here/$path") <(manifests "$there/$path"); } >"$log/diff" 2>&1; local same=$?
    result "$of: $(find "$here/$path" -type f | wc -l) files, $(du -sb "$here/$path" | cut -f1) bytes" $same
    [ $same -eq 0 ] || cat "$log/diff"
}

# Ends a resumable run of which texts are done and others never come: its input stays open. 200 of them fit into a pipe.
ended() { # side, signal, case, arguments...
    local side=$1 signal=$2 case=$3 pipe=$log/pipe; shift 3
    rm -f "$pipe"; mkfifo "$pipe" && exec 8<>"$pipe" || exit 1
    head -200 "${!side}/many.txt" >&8
    set -m
    (cd "${!side}" && exec >"$log/$case.$side.first" 2>&1 <"$pipe" 8>&- 9>&- && start "$side" "$@") &
    local job=$! waited=0
    running=$job
    until [ "$(cat "${!side}/.$case".*.partial/journal.jsonl 2>/dev/null | wc -l)" -ge 2 ]; do # what the run is, and how far it came
        sleep 0.1; waited=$((waited + 1))
        [ $waited -lt 1200 ] && kill -0 $job 2>/dev/null || break
    done
    kill -"$signal" -- -$job 2>/dev/null
    ended_within 60 $job; echo $? >"$log/$case.$side.first-exit"
    set +m
    local end=$((SECONDS + 60))
    while kill -0 -- -$job 2>/dev/null; do # a process on its way out still holds the output
        [ $SECONDS -lt $end ] || { echo "60 s after its end what it started is killed: $case" >&2; kill -KILL -- -$job 2>/dev/null; break; }
        sleep 0.1
    done
    exec 8>&-
    running=
}
