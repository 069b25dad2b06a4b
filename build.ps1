#!/usr/bin/env pwsh
# Builds, tests and shows the module; works from any folder. Without a switch: builds.
[CmdletBinding()]
param(
    [switch] $Build,
    # xunit and Pester.
    [switch] $Test,
    # Pester alone, against what was built.
    [switch] $Pester,
    # The Pester suite against the package of this platform, made and installed for it.
    [switch] $Installed,
    # Folder, zip and .nupkg of the module, and the command as a .NET tool: below out/package.
    [switch] $Package,
    # With -Package: such as linux-x64, or all for one package that serves each of them. Nothing: each, and all.
    [string[]] $Platform,
    # With -Package, on Windows: the thumbprint or the .pfx file of the certificate to sign with.
    [string] $Certificate,
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

# Pester over the module that TestedModule.ps1 names; gives its counts.
function Invoke-Suite([string[]] $Without) {
    Import-Module Pester -MinimumVersion 5.0
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = "$root/tests"
    $configuration.Run.PassThru = $true
    $configuration.Filter.ExcludeTag = $Without
    $configuration.Output.Verbosity = if ($env:CI) { 'Normal' } else { 'Detailed' }
    $result = Invoke-Pester -Configuration $configuration
    # A block or a file that could not run is a failure as well.
    $failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
    if ($ResultPath) { Set-Content -LiteralPath $ResultPath "$($result.PassedCount) $failed $($result.SkippedCount)" }
    if ($failed) { throw "$failed Pester tests failed." }
}

if ($Build -or -not ($Test -or $Pester -or $Package -or $Demo -or $Bench)) { Invoke-Native dotnet 'build', "$root/ColbertPS.sln", '-c', 'Release' }
if ($Test) { Invoke-Native dotnet 'test', "$root/ColbertPS.sln", '-c', 'Release' }
if (($Test -or $Pester) -and -not $Installed) { Invoke-Suite -Without Package }
if ($Package -or $Installed) {
    Import-Module "$root/tools/Package/Package.psm1" -Force
    if (-not $Installed) { New-ColbertPackage "$root/out/package" $Platform $Certificate | Format-Table -AutoSize }
    else {
        $rid = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + "-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()
        New-ColbertPackage "$root/out/installed" $rid | Format-Table -AutoSize
        $env:COLBERT_TEST_PACKAGE = "$root/out/installed/$rid"
        $env:COLBERT_TEST_MODULE = & "$root/tests/Install-TestPackage.ps1" $env:COLBERT_TEST_PACKAGE "$env:COLBERT_TEST_PACKAGE/home"
        try { Invoke-Suite } finally { $env:COLBERT_TEST_PACKAGE = $env:COLBERT_TEST_MODULE = $null }
    }
}
if ($Demo) { Invoke-Native dotnet 'run', '-c', 'Release', '--project', "$root/src/ColbertOnnx.Cli", '--', 'demo' }
if ($Bench) { Invoke-Native dotnet 'run', '-c', 'Release', '--project', "$root/tests/benchmarks", '--', 'tokenizer' }
