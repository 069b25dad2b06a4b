# A resumable run, of which texts are done and others never come, is ended by each event of a console, and the same command goes on behind what was done. Given for each:
# exit code, whether the next one went on, and its exit code.
param([string] $Command)
$texts = Get-Content many.txt
$events = 'Ctrl+C', 'Ctrl+Break', 'Closed'
foreach ($event in $events) {
    $name = $event.Replace('+', '')
    $start = [Diagnostics.ProcessStartInfo]::new($Command, [string[]]('encode', '--document', '-', '-o', "$name.safetensors", '--resume'))
    $start.RedirectStandardInput = $true
    $run = [Diagnostics.Process]::Start($start)
    foreach ($text in $texts[0..199]) { $run.StandardInput.WriteLine($text) }
    $run.StandardInput.Flush()
    while (-not $run.HasExited -and @(Get-Content ".$name.safetensors.partial/journal.jsonl" -ErrorAction Ignore).Count -lt 2) { Start-Sleep -Milliseconds 100 }
    $sent = [ConsoleEvent]::Send($run.Id, $events.IndexOf($event))
    $run.WaitForExit()
    # Not by `&`, as in held.ps1.
    $start.RedirectStandardError = $true
    $next = [Diagnostics.Process]::Start($start)
    foreach ($text in $texts) { $next.StandardInput.WriteLine($text) }
    $next.StandardInput.Close()
    $said = $next.StandardError.ReadToEnd()
    $next.WaitForExit()
    "${event}: sent $sent, exit code $($run.ExitCode), goes on $($said.Contains('done before')), exit code $($next.ExitCode)"
}
