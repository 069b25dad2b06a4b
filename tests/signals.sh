# Sourced by scripts whose tests interrupt programs. In the background of a script, and under nohup, SIGINT is ignored, and all that is started
# there would ignore it too: begin again without that. Trap: bash cannot undo what was ignored when it began.
if grep -qE '^SigIgn:.*[2367abef]$' /proc/self/status 2>/dev/null && env --default-signal=INT true 2>/dev/null; then
    exec env --default-signal=INT,QUIT bash "$0" "$@"
fi
