# What is run, and what must be equal.

inputs() {
    for side in "$here" "$there"; do
        printf 'Größe und Maß: 12 µm, naïve café\n日本語のテキストと😀\nplain text, twice\nplain text, twice\n' >"$side/texts.txt"
        printf 'Größe und Maß: 12 µm, naïve café\r\n日本語のテキストと😀\r\nplain text, twice\r\nplain text, twice\r\n' >"$side/crlf.txt"
        printf '{"id":"a","text":"eins"}\n{"id":"ü","text":"zwei \\u00e4"}\n' >"$side/texts.jsonl"
        printf 'id,text\n1,"with ""quotes"", and\na line break"\n2,zwei\n' >"$side/texts.csv"
        for i in $(seq 300); do echo "Text $i of many, each with some twenty words of its own, so that a run takes long enough to be killed in its middle: $((i * 7919))."; done >"$side/many.txt"
        head -12 "$side/many.txt" >"$side/few.txt"
        cp -r "$repository/tests/data/pylate/bert-base" "$side/checkpoint" && rm -f "$side"/checkpoint/{case.json,reference.*}
        cp -r "$repository/tests/data/onnx/bert-base" "$side/model"
        touch -d '2026-01-02 03:04:05 UTC' "$side"/* # a manifest has the times of its input
    done
}

cases_wine() {
    cases_command
    program=shell both module 0 "$repository/tests/platforms/module.ps1" "$work/module/ColbertOnnx.psd1"
    cases_interrupted
    windows_alone
}

cases_aot() { cases_command; cases_interrupted; }

cases_command() {
    inputs
    both version 0 --version
    both demo 0 demo
    both tokenize 0 tokenize texts.txt texts.csv
    both score 0 score --query 'large size' texts.txt
    both to-npz 0 encode --document texts.txt -o texts.npz
    both to-jsonl 0 encode --document texts.csv --include-tokens -o texts.out.jsonl
    both to-safetensors 0 encode --query texts.jsonl --type float16 -o texts.safetensors
    both to-int8 0 encode --document texts.txt --type int8 --model model -o int8.npz
    both to-folder 0 encode --document texts.txt --type binary -o folder
    input=$here/texts.txt both standard-input 0 encode --document - -o -
    both crlf 0 encode --document crlf.txt -o crlf.npz
    equal 'crlf: the bytes are those of the same lines with LF' "$here/texts.npz" "$there/crlf.npz"
    both new-folder 0 encode --document texts.txt -o 'wä ö/ünter/größe.npz'
    both exists 2 encode --document texts.txt -o crlf.npz
    both replaced 0 encode --document texts.txt -o crlf.npz --force
    both no-input 2 encode --document nothing.txt -o x.npz
    both no-model 2 encode --document texts.txt --model nothing -o x.npz
    both usage 2 encode --document texts.txt
    both export 0 export checkpoint -o exported --quantize
    both quantize 0 quantize model --force
    both parity 0 parity --model exported --reference-model exported --reference-quantized --minimum-cosine 0.9
}

cases_interrupted() {
    for side in here there; do gone_on $side KILL 137 killed; gone_on $side INT 130 stopped; done
    same_files 'all that was written' .
}

# A resumable run ended in its middle: the same command goes on behind what was done.
gone_on() { # side, signal, exit code, case
    local side=$1 case=$4; set -- "$2" "$3" encode --document - -o "$4.safetensors" --resume
    ended "$side" "$1" "$case" "${@:3}"
    input=${!side}/many.txt on "$side" "$case" "${@:3}"
    [ "$(cat "$log/$case.$side.first-exit")" = "$2" ] && grep -q 'done before' "$log/$case.$side.err"
    local same=$?; result "SIG$1 in the middle, $side: exit code $2, and gone on behind what was done" $same
    [ $same -eq 0 ] || { echo "exit code $(cat "$log/$case.$side.first-exit")"; cat "$log/$case.$side.first" "$log/$case.$side.err"; }
}

# What only Windows has.
windows_alone() {
    for name in NUL aux.npz folder/con.npz; do
        on there device encode --document texts.txt -o "$name"
        equal "$name is a device: exit code 2" <(echo 2) "$log/device.there.exit"
        grep -q 'is the name of a device of Windows' "$log/device.there.err"; result "$name is a device, and that is said" $?
    done
    on there case encode --document TEXTS.TXT -o 'Case.NPZ'
    equal 'a name in other case' "$here/texts.npz" "$there/Case.NPZ"
    on there verbatim encode --document '\\?\Z:'"${there//\//\\}\\texts.txt" -o '\\?\Z:'"${there//\//\\}\\verbatim.npz"
    equal 'paths that begin with \\?\' "$here/texts.npz" "$there/verbatim.npz"
    COLBERT_CACHE='\\localhost\share\cache' on there share encode --document texts.txt -o share.npz
    equal 'a cache on a share that is not there' "$here/texts.npz" "$there/share.npz"
    held
    another_s_cache
    local long; long=$(printf 'a folder of fifty letters, several of them make %02d/' 1 2 3 4 5 6)
    on there long encode --document texts.txt -o "${long}long.npz"
    equal 'a path of more than 260 characters' "$here/texts.npz" "$there/${long}long.npz"
    visual_cpp
    console
}

# Started from here: Wine's desktop, which it starts where PowerShell starts a command, hung on a busy machine.
held() {
    local holder
    cp "$there/texts.npz" "$there/held.npz" && cp "$repository/tests/platforms/held.ps1" "$there" || exit 1
    (program=shell; on there holder held.ps1) & holder=$!
    until [ -e "$there/held.open" ] || ! kill -0 $holder 2>/dev/null; do sleep 0.1; done
    on there held encode --document texts.txt -o held.npz --force
    touch "$there/held.close"; wait $holder
    equal 'an output that another process has open: exit code 3' <(echo 3) "$log/held.there.exit"
    grep -qF held.npz "$log/held.there.err"; result 'it is named' $?
    equal 'it stays' "$there/texts.npz" "$there/held.npz"
}

# Wine tells an owner apart from the user by the SID, as Windows does.
another_s_cache() {
    [ "$(id -u)" -eq 0 ] || { echo "  not run   a cache of another user: only root can make one"; return; }
    mkdir "$there/another" && chown 65534 "$there/another" || exit 1
    COLBERT_CACHE="Z:${there//\//\\}\\another" on there another encode --document texts.txt -o another.npz
    equal 'a cache of another user: the same vectors' "$here/texts.npz" "$there/another.npz"
    grep -qF "another' belongs to another user" "$log/another.there.err" && [ -z "$(ls -A "$there/another")" ]; result 'a cache of another user is named and not written' $?
}

# Hidden by Wine's setting; then another DLL under its name, whose version is older than that of any compiler since.
visual_cpp() {
    (export WINEDLLOVERRIDES="$WINEDLLOVERRIDES;"'msvcp140=;msvcp140_1=;msvcp140_atomic_wait='; on there runtime encode --document texts.txt -o runtime.npz)
    mkdir "$there/older" && cp "$built/win-x64/runtimes/win-x64/native/onnxruntime.dll" "$there/older" && cp "$built/win-x64/clrgc.dll" "$there/older/MSVCP140.dll" || exit 1
    (export WINEDLLOVERRIDES="$WINEDLLOVERRIDES;msvcp140=n,b" COLBERT_ONNXRUNTIME="Z:${there//\//\\}\\older\\onnxruntime.dll"; on there older encode --document texts.txt -o runtime.npz)
    rm -r "$there/older"
    for case in 'runtime Missing: MSVCP140.dll, MSVCP140_1.dll' 'older Too old: .*MSVCP140.dll'; do
        grep -q "Visual C++ runtime 14.* or later.*${case#* }" "$log/${case%% *}.there.err" && grep -qF 'vc_redist.x64.exe' "$log/${case%% *}.there.err" && [ "$(cat "$log/${case%% *}.there.exit")" = 3 ]
        result "without the Visual C++ runtime: '${case#* }', and what to install" $?
    done
}

# Each code page shows and reads the same characters as UTF-8; and the events that a console sends.
console() {
    for page in 437 1252 932 65001; do
        in_console page$page "chcp $page & colbert tokenize texts.txt"
        grep -qF '"text":"Größe und Maß: 12 µm, naïve café"' "$log/page$page.there.out" && grep -qF '"text":"日本語のテキストと' "$log/page$page.there.out"
        result "a console of code page $page shows what is in the text" $?
        in_console pipe$page "chcp $page >NUL & colbert tokenize - <texts.txt | colbert tokenize --input-format jsonl - >pipe$page.jsonl"
        equal "pipes and files in code page $page are UTF-8" <(cd "$here" && run_here linux-x64/colbert tokenize - <texts.txt) "$there/pipe$page.jsonl"
    done
    cp "$repository/tests/platforms/console.ps1" "$there"
    in_console powershell "chcp 437 & shell console -NoProfile -ExecutionPolicy Bypass -File console.ps1 ..\\module\\ColbertOnnx.psd1 ..\\..\\${built##*/}\\$rid\\colbert.exe"
    equal "PowerShell's own console runs the module" <(echo '437 Größe und Maß: 12 µm, naïve café') "$there/console.txt"
    for file in redirected captured; do equal "PowerShell's pipes to and from the command are UTF-8: $file" "$there/pipe437.jsonl" "$there/$file.jsonl"; done
    (program=shell; cp "$repository/tests/platforms/events.ps1" "$there"; on there events events.ps1 "Z:${built//\//\\}\\win-x64\\colbert.exe")
    for event in Ctrl+C Ctrl+Break Closed; do
        grep -qxF "$event: sent True, exit code 130, goes on True, exit code 0" "$log/events.there.out"; result "$event ends a run with exit code 130, and the next goes on" $?
    done
    [ "$(wc -l <"$log/events.there.out")" -eq 3 ] || cat "$log/events.there".{out,err}
}

# Slow: an emulated start takes seconds. One case for each thing that could differ.
cases_arm64() {
    inputs
    both version 0 --version
    both tokenize 0 tokenize texts.txt texts.csv
    # What an export says of its check: attention of ours, which is there with AVX-512 alone, rounds otherwise than the library's.
    DOTNET_EnableAVX512=0 both export 0 export checkpoint -o exported --quantize
    same_files export exported
    on here demo demo; on there demo demo
    equal 'demo: the same best text and matches, whatever the scores' <(sed -e '/^ 2\. /,$d' -e 's/  [0-9.]*  / /' "$log/demo.here.out") <(sed -e '/^ 2\. /,$d' -e 's/  [0-9.]*  / /' "$log/demo.there.out")
    near float32 '--tolerance 1e-6 --minimum-cosine 0.999999' --model exported
    near INT8 '--minimum-cosine 0.999 --minimum-mean-cosine 0.9999' --model exported --quantized true
    near 'INT8, embedded model' '--minimum-cosine 0.995 --minimum-mean-cosine 0.998'
    both no-input 2 encode --document nothing.txt -o x.npz
    program=shell on there module "$repository/tests/platforms/module.ps1" "$work/module/ColbertOnnx.psd1"
    equal 'the module runs its script to the end' <(echo 0) "$log/module.there.exit"
    on there whole encode --document texts.txt -o whole.safetensors
    on there again encode --document texts.txt -o again.safetensors --sessions 1
    equal 'two runs give the same bytes' "$there/whole.safetensors" "$there/again.safetensors"
}

# Vectors that x64 wrote, compared by the other: parity itself holds the bounds.
near() { # name, bounds, model
    local name=$1 bounds=$2 case; shift 2
    case=near-${name//[^A-Za-z0-9]/}
    on here "$case" reference --queries texts.txt few.txt "$@" -o "$case.safetensors"
    cp "$here/$case".* "$there"
    on there "$case" parity --reference "$case.safetensors" "$@" $bounds
    result "$name vectors are within $bounds" "$(cat "$log/$case.there.exit")"
    grep -iE 'cosine|difference' "$log/$case.there.out" | head -4
}
