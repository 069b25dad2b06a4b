# What run.sh is made of: a Slurm of three nodes, and a look at its jobs.

skip() { echo "Skipped: $*"; exit 77; }
fail() { echo "  FAILED: $*"; failures=$((failures + 1)); }

install_slurm() {
    { command -v slurmctld && command -v slurmd && command -v munged && command -v sbatch; } >/dev/null && return
    command -v apt-get >/dev/null || skip 'There is no Slurm, and no apt-get to install it.'
    echo 'Installing Slurm ...'
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends slurm-wlm slurmctld slurmd munge; } >"$log/apt" 2>&1 ||
        skip "Slurm could not be installed: $(tail -1 "$log/apt")"
}

# With a key, a socket and ports of its own: a Slurm that is in use on the machine is left alone.
start_slurm() {
    dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none && chmod 600 "$work/munge/key"
    munged --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/run/munged.pid" --log-file="$log/munged" --seed-file="$work/munge/seed" 2>"$log/munged.start" ||
        skip "munged does not start: $(tail -1 "$log/munged.start")"
    slurmctld -f "$SLURM_CONF" || skip "slurmctld does not start: $(tail -1 "$log/slurmctld")"
    for node in c1 c2 c3; do start_node $node; done
    for _ in $(seq 100); do
        [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" = 3 ] && return
        sleep 0.3
    done
    skip "Slurm's nodes do not come up: $(tail -1 "$log/slurmctld")"
}

start_node() { slurmd -N "$1" -f "$SLURM_CONF" || skip "slurmd does not start: $(tail -1 "$log/slurmd.$1")"; }

# Its own processes, by their numbers.
stop_slurm() {
    local file
    [ -z "$(squeue -h 2>/dev/null)" ] || { scancel --full $(squeue -h -o %i); sleep 1; }
    for file in "$work"/run/slurmd.*.pid "$work"/run/slurmctld.pid "$work"/run/munged.pid; do
        [ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null
    done
}

# A node is lost as with its power: nothing of it says goodbye. The steps that hold tasks are named after their jobs.
kill_node() { # node, jobs on it
    local node=$1 pids job step
    shift
    pids=$(cat "$work/run/slurmd.$node.pid")
    for job in "$@"; do
        for step in $(pgrep -f "^slurmstepd: \[$job\."); do pids="$pids $(descendants "$step")"; done
    done
    kill -KILL $pids 2>/dev/null
}

descendants() { # process
    local child
    echo "$1"
    for child in $(pgrep -P "$1"); do descendants "$child"; done
}

# Until nothing of them is left. Slurm waits two minutes before it starts a task again, which a test need not.
finish() { # job...
    local task end=$((SECONDS + 400))
    while [ -n "$(squeue -h -j "$(IFS=,; echo "$*")" -o %i 2>/dev/null)" ]; do
        for task in $(squeue -h -r -t PD -o '%i %r' 2>/dev/null | sed -n 's/ BeginTime$//p'); do scontrol update jobid="$task" StartTime=now 2>/dev/null; done
        [ $SECONDS -lt $end ] || { fail "jobs $* do not end: $(squeue -h -r -o '%i %T %r' | tr '\n' ';')"; scancel "$@"; return; }
        sleep 0.5
    done
}

# Until a task has something that it could lose, and has not ended.
wait_for_work() { # shard
    local end=$((SECONDS + 120))
    until grep -qs '"encoded":[1-9]' "shards/.$1.safetensors.partial/journal.jsonl"; do
        [ $SECONDS -lt $end ] && [ ! -e "shards/$1.safetensors" ] || { fail "shard $1 was not met at work"; return 1; }
        sleep 0.05
    done
}
