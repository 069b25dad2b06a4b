# A resumable run is ended by each event of a console, and the same command goes on behind what was done. Given for each: exit code, whether the next one went on, and its exit code.
param([string] $Command)
foreach ($event in 'Ctrl+C', 'Ctrl+Break', 'Closed') {
    $name = $event.Replace('+', '')
    $arguments = 'encode', '--document', 'some.txt', '-o', "$name.safetensors", '--resume'
    $run = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new($Command, [string[]]$arguments))
    while (-not $run.HasExited -and @(Get-Content ".$name.safetensors.partial/journal.jsonl" -ErrorAction Ignore).Count -lt 2) { Start-Sleep -Milliseconds 100 }
    $sent = [ConsoleEvent]::Send($run.Id, ('Ctrl+C', 'Ctrl+Break', 'Closed').IndexOf($event))
    $run.WaitForExit()
    $next = (& $Command @arguments 2>&1) -join ' '
    "${event}: sent $sent, exit code $($run.ExitCode), goes on $($next.Contains('were done before')), exit code $LASTEXITCODE"
}
