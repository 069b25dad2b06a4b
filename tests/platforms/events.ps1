# A resumable run, of which texts are done and others never come, is ended by each event of a console, and the same command goes on behind what was done. Given for each:
# exit code, whether the next one went on, and its exit code.
param([string] $Command)
$texts = Get-Content many.txt
$events = 'Ctrl+C', 'Ctrl+Break', 'Closed'
foreach ($event in $events) {
    $name = $event.Replace('+', '')
    $arguments = 'encode', '--document', '-', '-o', "$name.safetensors", '--resume'
    $start = [Diagnostics.ProcessStartInfo]::new($Command, [string[]]$arguments)
    $start.RedirectStandardInput = $true
    $run = [Diagnostics.Process]::Start($start)
    foreach ($text in $texts[0..199]) { $run.StandardInput.WriteLine($text) }
    $run.StandardInput.Flush()
    while (-not $run.HasExited -and @(Get-Content ".$name.safetensors.partial/journal.jsonl" -ErrorAction Ignore).Count -lt 2) { Start-Sleep -Milliseconds 100 }
    $sent = [ConsoleEvent]::Send($run.Id, $events.IndexOf($event))
    $run.WaitForExit()
    $next = ($texts | & $Command @arguments 2>&1) -join ' '
    "${event}: sent $sent, exit code $($run.ExitCode), goes on $($next.Contains('done before')), exit code $LASTEXITCODE"
}
