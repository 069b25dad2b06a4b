# Runs files of Pester in this PowerShell and writes what came of each test, as JSON, to $Result.
param(
    [Parameter(Mandatory)] [string] $Pester,
    # Several with `|` between.
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Result,
    [string] $Tag,
    # Several with `|` between.
    [string] $ExcludeTag
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path -split '\|'
$configuration.Run.PassThru = $true
if ($Tag) { $configuration.Filter.Tag = $Tag }
if ($ExcludeTag) { $configuration.Filter.ExcludeTag = $ExcludeTag -split '\|' }
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration

function Get-Message($Errors) { ($Errors | Where-Object { $_ } | ForEach-Object { $_.DisplayErrorMessage ?? "$_"; $_.DisplayStackTrace ?? $_.ScriptStackTrace }) -join "`n" }
$rows = @(
    $run.Tests | Where-Object Result -NE NotRun | ForEach-Object {
        @{ name = $_.ExpandedPath; result = "$($_.Result)"; message = Get-Message $_.ErrorRecord; output = ($_.StandardOutput | Out-String).Trim(); seconds = $_.Duration.TotalSeconds }
    }
    # A block or a file that could not run is a failure as well.
    $run.FailedBlocks | ForEach-Object { @{ name = "$($_.ExpandedPath) (its block)"; result = 'Failed'; message = Get-Message $_.ErrorRecord; output = ''; seconds = 0 } }
    $run.FailedContainers | ForEach-Object { @{ name = "$($_.Name) (the file)"; result = 'Failed'; message = Get-Message $_.ErrorRecord; output = ''; seconds = 0 } }
)
[IO.File]::WriteAllText($Result, (ConvertTo-Json -InputObject $rows -Depth 3))
