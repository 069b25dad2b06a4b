# In PowerShell's own console, whose code page is not UTF-8: the module, and the command between pipes. pwsh's own modules are not there, so that their cmdlets come from the assembly.
param([string] $Manifest, [string] $Command)
$ErrorActionPreference = 'Stop'
Import-Module -Assembly ([Reflection.Assembly]::Load('Microsoft.PowerShell.Commands.Utility'))
$page = [Console]::OutputEncoding.CodePage
Import-Module $Manifest
$texts = [IO.File]::ReadAllLines("$PWD/texts.txt")
$query = 'large size' | ConvertTo-ColbertEmbedding -Query
$best = $texts | ConvertTo-ColbertEmbedding -Document | Measure-ColbertSimilarity -Query $query
$texts | & $Command tokenize - > redirected.jsonl
[Console]::OutputEncoding = [Text.UTF8Encoding]::new()
$captured = $texts | & $Command tokenize -
[IO.File]::WriteAllText("$PWD/captured.jsonl", ($captured -join "`n") + "`n")
[IO.File]::WriteAllText("$PWD/console.txt", "$page $($best[0].Text)`n")
$best[0].Text
