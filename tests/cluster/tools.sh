# What run.sh is made of: a Slurm of three nodes, and a look at its jobs.

skip() { echo "Skipped: $*"; exit 77; }
fail() { echo "  FAILED: $*"; failures=$((failures + 1)); }

# Once its programs are there Slurm must come up: without it nothing is known of the page.
broken() { # what, its logs
    echo "  FAILED: $1, the end of its log:"; tail -n 20 "${@:2}"
    exit 1
}

# Some releases of slurmd want cgroups whatever slurm.conf says, and a container may have none that it could write.
slurmd_broken() { # what
    local said
    said=$(grep -hiE '(error|fatal): .*cgroup' "$log"/slurmd.*.log 2>/dev/null | head -1)
    [ -z "$said" ] || skip "slurmd wants cgroups that this machine does not give: $said"
    broken "$1" "$log"/slurmctld.log "$log"/slurmd.*.log
}

# In the foreground, so that Ctrl+C reaches it.
apt_get() { timeout -v --foreground -k 10 600 apt-get "$@"; }

# Debian's packages are unpacked, never installed: that would make users, and daemons for everybody.
install_slurm() {
    local packages=$work/packages names
    plugins= step=
    { command -v slurmctld && command -v slurmd && command -v munged && command -v sbatch; } >/dev/null && return
    { command -v apt-get && command -v dpkg-deb; } >/dev/null || skip 'There is no Slurm, and no apt-get to fetch it with.'
    if [ ! -e "$packages/.complete" ]; then
        echo 'Fetching Slurm ...'
        { fetch_slurm || { apt_get update -qq; fetch_slurm; }; } >"$log/apt" 2>&1 || skip "Slurm could not be fetched: $(tail -1 "$log/apt")"
        unpack_slurm >"$log/unpack" 2>&1 || broken "Slurm's packages cannot be unpacked" "$log/unpack"
        touch "$packages/.complete"
    fi
    names=$(find "$packages" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')
    export PATH=$packages/usr/sbin:$packages/usr/bin:$PATH LD_LIBRARY_PATH=$names${LD_LIBRARY_PATH:-}
    plugins=$(find "$packages" -name auth_munge.so -printf '%h' -quit) step=$packages/usr/sbin/slurmstepd
    command -v slurmctld >/dev/null || { ls "$packages/archives" >"$log/unpack"; broken "Slurm's packages have no slurmctld" "$log/unpack"; }
}

fetch_slurm() {
    local names
    rm -rf "$packages" && mkdir -p "$packages/archives" || return
    # Those that are not installed, whatever they need among them. apt fetches as a user of its own, where it may write.
    names=$(apt_get install -s -q --no-install-recommends slurmctld slurmd slurm-client munge) && names=$(sed -n 's/^Inst \([^ ]*\).*/\1/p' <<<"$names") && [ -n "$names" ] || return
    (cd "$packages/archives" && apt_get download -q $names)
}

unpack_slurm() {
    local archive
    for archive in "$packages"/archives/*.deb; do dpkg-deb -x "$archive" "$packages" || return; done
    # Installed, they get their names by links.
    for archive in "$packages"/usr/sbin/*-wlm; do ln -s "${archive##*/}" "${archive%-wlm}" || return; done
}

# Daemons keep no lock of ours. $state holds what only they need: sockets, whose paths must be short, and their numbers.
daemon() { "$@" 8<&- 9>&-; }

# With a key, a socket and ports of its own: a Slurm that is in use on the machine is left alone, and a second copy of this runs beside it. Copies look for ports one after the other.
start_slurm() {
    local host=$(uname -n) port end
    mkdir "$state"/{munge,run,state,spool} "$state"/spool/c{1,2,3} && chmod 700 "$state/munge" || exit 1
    dd if=/dev/urandom of="$state/munge/key" bs=128 count=1 status=none && chmod 600 "$state/munge/key"
    daemon munged --force --key-file="$state/munge/key" --socket="$state/munge/socket" --pid-file="$state/run/munged.pid" --log-file="$log/munged" --seed-file="$state/munge/seed" 2>"$log/munged.start" ||
        broken 'munged does not start' "$log/munged.start"
    exec 8</tmp && flock 8 || exit 1
    port=$(free_ports 4) || skip 'No four ports are free.'
    sed "s|HOST|${host%%.*}|; s|STATE|$state|; s|LOG|$log|; s|PORT0|$port|; s|PORT1|$((port + 1))|; s|PORT2|$((port + 2))|; s|PORT3|$((port + 3))|" tests/cluster/slurm.conf >"$SLURM_CONF"
    [ -z "$plugins" ] || echo "PluginDir=$plugins" >>"$SLURM_CONF"
    daemon slurmctld -f "$SLURM_CONF" || broken 'slurmctld does not start' "$log/slurmctld.log"
    for node in c1 c2 c3; do start_node $node; done
    end=$((SECONDS + 300))
    until [ $SECONDS -ge $end ]; do
        [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" = 3 ] && { exec 8<&-; return; }
        sleep 0.3
    done
    slurmd_broken "Slurm's nodes do not come up in five minutes"
}

start_node() { daemon slurmd -N "$1" -f "$SLURM_CONF" ${step:+-d "$step"} || slurmd_broken "slurmd does not start on $1"; }

# The first of so many in a row on which nothing listens, below those that the system gives away.
free_ports() { # how many
    local first port
    for _ in $(seq 50); do
        first=$((20000 + RANDOM % 12000))
        for port in $(seq "$first" $((first + $1 - 1))); do ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue 2; done
        echo "$first"
        return
    done
    return 1
}

# Its own processes, by their numbers, with all that they started. The first that does not end when it is asked to is killed.
stop_slurm() {
    local pids file
    [ -d "$state/run" ] || { rm -rf "$state"; return; }
    [ -z "$(squeue -h 2>/dev/null)" ] || scancel --full $(squeue -h -o %i)
    for _ in $(seq 100); do [ -n "$(squeue -h -t R,CG 2>/dev/null)" ] || break; sleep 0.2; done
    pids=$(for file in "$state"/run/*.pid; do [ -s "$file" ] && cat "$file"; done)
    pids="$pids $(steps '[0-9]*')"
    kill $pids 2>/dev/null
    for _ in $(seq 50); do kill -0 $pids 2>/dev/null || break; sleep 0.2; done
    kill -KILL $pids 2>/dev/null
    rm -rf "$state"
}

# A node is lost as with its power: nothing of it says goodbye.
kill_node() { # node, jobs on it
    local node=$1 pids job
    shift
    pids=$(cat "$state/run/slurmd.$node.pid")
    for job in "$@"; do pids="$pids $(steps "$job")"; done
    kill -KILL $pids 2>/dev/null
}

# Processes that hold tasks of a job, named after it, with all below them: ours, not those of another Slurm with a job of that number.
steps() { # job
    local step
    for step in $(pgrep -f "^slurmstepd: \[$1\."); do
        case $(readlink "/proc/$step/cwd" "/proc/$step/fd/"* 2>/dev/null) in *"$log/"* | *"$state/"*) descendants "$step" ;; esac
    done
}

descendants() { # process
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do descendants "$child"; done
}

# Until nothing of them is left. Slurm waits two minutes before it starts a task again, which a test need not; but in the second in which its node was told to end it, that node refuses it
# ("Job credential revoked"), and then it has failed for good.
finish() { # job...
    local task left hurried=' ' end=$((SECONDS + 900))
    # A controller that does not answer has not said that nothing is left.
    until left=$(squeue -h -j "$(IFS=,; echo "$*")" -o %i 2>/dev/null) && [ -z "$left" ]; do
        for task in $(squeue -h -r -t PD -o '%i %r' 2>/dev/null | sed -n 's/ BeginTime$//p'); do
            case $hurried in *" $task "*) continue ;; esac
            scontrol update jobid="$task" StartTime=now+3 2>/dev/null && hurried+="$task "
        done
        [ $SECONDS -lt $end ] || { fail "jobs $* do not end: $(squeue -h -r -o '%i %T %r' | tr '\n' ';')"; scancel "$@"; return; }
        sleep 0.5
    done
}

# Until a task has something that it could lose; then it is held, or it might be at its end before anything is done to it.
hold_at_work() { # shard
    local end=$((SECONDS + 300)) process
    held=
    until grep -qs '"encoded":[1-9]' "shards/.$1.safetensors.partial/journal.jsonl"; do
        [ $SECONDS -lt $end ] && [ ! -e "shards/$1.safetensors" ] || { fail "shard $1 was not met at work"; return 1; }
        sleep 0.02
    done
    for process in $(pgrep -f "encode .*shards/$1\.safetensors"); do
        [ "$(readlink "/proc/$process/cwd")" != "$PWD" ] || held+=" $process"
    done
    kill -STOP $held && [ ! -e "shards/$1.safetensors" ] || { fail "shard $1 was not held at work"; return 1; }
}

# When the signal to end has reached it, or it is gone.
let_go() {
    local end=$((SECONDS + 60)) process
    for process in $held; do
        until ! kill -0 "$process" 2>/dev/null || grep -qsE '^ShdPnd:.*[4567c-f][0-9a-f]{3}$' "/proc/$process/status" || ! grep -qs '^State:.T' "/proc/$process/status"; do
            [ $SECONDS -lt $end ] || { fail "no signal reached process $process"; break; }
            sleep 0.05
        done
        kill -CONT "$process" 2>/dev/null
    done
}
