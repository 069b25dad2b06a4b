#!/usr/bin/env bash
# Runs the scripts of docs/cluster.md, as they stand there, on a Slurm of three nodes on this machine: undisturbed, with SIGTERM, with scontrol requeue, and with a node killed
# with all that ran on it. Each time the merged file must have the bytes and the manifest of one run.
# It needs Linux, root, the .NET SDK and Slurm: Debian's packages, which it fetches and unpacks where there is none. What it makes lies below out/cluster, and nothing of it runs on;
# COLBERT_TEST_COMMAND names the folder of a command that is built already. Exit code 0: all equal; 1: something differs or Slurm does not come up, said above; 77: it cannot run here, with the reason.
set -uo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD work=$PWD/out/cluster built=${COLBERT_TEST_COMMAND:-$PWD/out/cluster/built} failures=0
desk=$work/desk log=$work/log
. tests/cluster/tools.sh
[ "$(uname -s)" = Linux ] || skip "This is $(uname -s)."
[ "$(id -u)" -eq 0 ] || skip 'Only root may start a Slurm that starts jobs.'
for program in awk flock pgrep; do command -v $program >/dev/null || skip "There is no '$program'."; done
mkdir -p "$work" && exec 9>"$work/lock" || exit 1
flock -n 9 || { echo 'Waiting for another run in this folder.'; flock 9; }
state=$(mktemp -d /tmp/slurm.XXXXXX) && rm -rf "$desk" "$log" && mkdir -p "$desk" "$log" || exit 1
trap stop_slurm EXIT
trap 'exit 130' INT TERM HUP
unset $(compgen -v SLURM_) $(compgen -v SBATCH_) $(compgen -v COLBERT_)
export SLURM_CONF=$state/slurm.conf COLBERT_CACHE=$work/cache DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
install_slurm 9>&-
if [ "$built" = "$work/built" ]; then
    dotnet publish src/ColbertOnnx.Cli -c Release -v quiet -p:RunAnalyzers=false --artifacts-path "$work/build" -o "$built" >"$log/publish" 2>&1 9>&- ||
        { cat "$log/publish"; exit 1; }
fi
export PATH=$built:$PATH
start_slurm
cd "$desk" || exit 1

# The page's blocks for Slurm, in its order: the array, the merge, and both together.
awk '/^## /{ part = $0 } part == "## Slurm" && /^```bash$/{ n++; inside = 1; next } /^```$/{ inside = 0 } inside { print > ("block-" n) }' "$repository/docs/cluster.md"
mv block-1 encode.sh && mv block-2 merge.sh && mv block-3 submit.sh || exit 1

# So many texts that tasks 1 to 3 can be met at their work, with some that cannot be encoded. The others are one long word each, and cost little.
awk 'BEGIN { srand(7); for (i = 1; i <= 4800; i++) { text = ""; for (w = 0; w < 130; w++) text = text sprintf("%c%c%c ", 97 + rand() * 26, 97 + rand() * 26, 97 + rand() * 26);
    if (i > 1000) gsub(/ /, "", text);
    if (i % 1000 == 0) print "{\"id\": \"" i "\"}"; else print "{\"id\": \"" i "\", \"text\": \"" substr(text, 1, 260 + rand() * 260) "\"}" } }' >corpus.jsonl
colbert encode --document corpus.jsonl -o whole.safetensors 2>"$log/whole"
[ -e whole.safetensors ] || { cat "$log/whole"; exit 1; }

errors() { grep -o '^{"text":[0-9]*,"id":"[0-9]*"' "$1.safetensors.errors.jsonl"; }
[ "$(errors whole | wc -l)" -eq 4 ] || { fail 'one run does not name the four texts that it cannot encode'; cat whole.safetensors.errors.jsonl; exit 1; }

compare() {
    cmp whole.safetensors corpus.safetensors || fail 'the merged file has other bytes than one run'
    diff <(sed 's/"whole\./"corpus./' whole.safetensors.manifest.json) corpus.safetensors.manifest.json || fail 'the merged manifest is not that of one run'
    colbert merge --check shards/*.safetensors || fail 'the shards are not complete'
    # Errors stand in their place too, by byte where one run counts lines.
    cmp <(errors whole) <(errors corpus) || fail 'other texts have failed'
    [ -z "$(find shards -name '.*')" ] || fail "something is left: $(find shards -name '.*')"
    rm -f corpus.safetensors*
}

# Shards 1 to 3 once more, one on each node; what is done to the first must make it go on behind what it had.
again() { # what, command...
    local job merge
    echo "$1"; shift
    rm -rf shards/{,.}{1,2,3}.safetensors*
    job=$(sbatch --parsable --array=1-3 encode.sh) || { fail 'sbatch'; return; }
    hold_at_work 1 && "$@" "$job"
    let_go
    finish "$job"
    merge=$(sbatch --parsable --dependency=afterany:"$job" merge.sh)
    finish "$merge"
    grep -q 'texts\? done before; going on' "encode-$job-1.log" || { fail 'shard 1 did not go on with what it had'; cat "encode-$job-1.log"; }
    compare
}

terminate() { scancel --signal=TERM --batch "${1}_1"; }
requeue() { scontrol requeue "${1}_1"; }
lose_node() {
    local node id
    read -r node id < <(squeue -h -j "${1}_1" -o '%N %A')
    kill_node "$node" "$id"
    # Slurm must see that it is gone, and starts its task on another one.
    for _ in $(seq 120); do
        case $(sinfo -h -N -n "$node" -o %T) in down*) break ;; esac
        sleep 0.5
    done
}

echo 'An array and its merge'
job=
. ./submit.sh >"$log/submit"
finish "$job" "$(sed -n 's/^Submitted batch job //p' "$log/submit")"
compare
again 'SIGTERM to a task' terminate
again 'scontrol requeue' requeue
again 'A node is killed' lose_node
version=$(slurmctld -V)
stop_slurm
echo "$failures failures in $SECONDS s, $version."
[ "$failures" -eq 0 ]
