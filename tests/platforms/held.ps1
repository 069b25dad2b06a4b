# On Windows a file that is open without sharing can neither be read nor replaced.
param([string] $Command)
$path = Join-Path $PWD 'held.npz'
[IO.File]::WriteAllBytes($path, [IO.File]::ReadAllBytes((Join-Path $PWD 'texts.npz')))
$before = (Get-FileHash $path).Hash
$held = [IO.File]::Open($path, 'Open', 'Read', 'None')
# Not by `&`: that asks Windows first what kind of program it is, for which Wine starts its desktop; on a busy machine this has hung.
$start = [Diagnostics.ProcessStartInfo]::new($Command, [string[]]('encode', '--document', 'texts.txt', '-o', 'held.npz', '--force'))
$start.RedirectStandardError = $true
$run = [Diagnostics.Process]::Start($start)
$said = $run.StandardError.ReadToEnd()
$run.WaitForExit()
$run.ExitCode
$held.Dispose()
(Get-FileHash $path).Hash -eq $before
$said.Contains('held.npz')
