#!/usr/bin/env pwsh
# Builds, tests and shows the module; works from any folder. Without a switch: builds.
[CmdletBinding()]
param(
    [switch] $Build,
    # xunit and Pester.
    [switch] $Test,
    # Pester alone, against what was built.
    [switch] $Pester,
    [switch] $Demo,
    # The comparison of the tokenizer with the original.
    [switch] $Bench,
    # Pester's counts go to this file as "passed failed skipped".
    [string] $ResultPath
)
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Invoke-Native([string] $Command, [string[]] $Arguments) {
    & $Command @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Command $($Arguments -join ' ') ended with $LASTEXITCODE." }
}

if ($Build -or -not ($Test -or $Pester -or $Demo -or $Bench)) { Invoke-Native dotnet 'build', "$root/ColbertPS.sln", '-c', 'Release' }
if ($Test) { Invoke-Native dotnet 'test', "$root/ColbertPS.sln", '-c', 'Release' }
if ($Test -or $Pester) {
    Import-Module Pester -MinimumVersion 5.0
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = "$root/tests"
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = if ($env:CI) { 'Normal' } else { 'Detailed' }
    $result = Invoke-Pester -Configuration $configuration
    # A block or a file that could not run is a failure as well.
    $failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
    if ($ResultPath) { Set-Content -LiteralPath $ResultPath "$($result.PassedCount) $failed $($result.SkippedCount)" }
    if ($failed) { throw "$failed Pester tests failed." }
}
if ($Demo) { Invoke-Native dotnet 'run', '-c', 'Release', '--project', "$root/src/ColbertOnnx.Cli", '--', 'demo' }
if ($Bench) { Invoke-Native dotnet 'run', '-c', 'Release', '--project', "$root/tests/benchmarks", '--', 'tokenizer' }
