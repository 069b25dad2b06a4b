# On Windows a file that is open without sharing can neither be read nor replaced.
param([string] $Command)
$path = Join-Path $PWD 'held.npz'
[IO.File]::WriteAllBytes($path, [IO.File]::ReadAllBytes((Join-Path $PWD 'texts.npz')))
$before = (Get-FileHash $path).Hash
$held = [IO.File]::Open($path, 'Open', 'Read', 'None')
$said = & $Command encode --document texts.txt -o held.npz --force 2>&1
$LASTEXITCODE
$held.Dispose()
(Get-FileHash $path).Hash -eq $before
"$said".Contains('held.npz')
