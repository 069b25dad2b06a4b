#!/usr/bin/env pwsh
# Builds, tests and shows the module; works from any folder. Without a switch: builds.
[CmdletBinding()]
param(
    [switch] $Build,
    # Every suite.
    [switch] $Test,
    # The suite in the shell alone, against what was built.
    [switch] $Pester,
    # The same, against the package of this platform, made and installed for it.
    [switch] $Installed,
    # Folder, zip and .nupkg of the module, and the command as a .NET tool: below out/package.
    [switch] $Package,
    # With -Package: such as linux-x64, or all for one package that serves each of them. Nothing: each, and all.
    [string[]] $Platform,
    # With -Package, on Windows: the thumbprint or the .pfx file of the certificate to sign with.
    [string] $Certificate,
    # With -Package: other libraries of ONNX Runtime than a release has, nuget, npm or gpu (CUDA and TensorRT).
    [ValidateSet('release', 'nuget', 'npm', 'gpu')] [string] $Natives = 'release',
    [switch] $Demo,
    # The comparison of the tokenizer with the original.
    [switch] $Bench
)
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Invoke-Native([string] $Command, [string[]] $Arguments) {
    & $Command @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Command $($Arguments -join ' ') ended with $LASTEXITCODE." }
}

if ($Build -or -not ($Test -or $Pester -or $Installed -or $Package -or $Demo -or $Bench)) { Invoke-Native dotnet 'build', "$root/ColbertPS.sln", '-c', 'Release' }
if ($Test) { Invoke-Native dotnet 'test', "$root/ColbertPS.sln", '-c', 'Release' }
if ($Pester -or $Installed) {
    $env:COLBERT_TEST_INSTALLED = if ($Installed) { '1' }
    try { Invoke-Native dotnet 'test', "$root/tests/shell", '-c', 'Release' } finally { $env:COLBERT_TEST_INSTALLED = $null }
}
if ($Package) {
    Import-Module "$root/tools/Package/Package.psm1" -Force
    New-ColbertPackage "$root/out/package" $Platform $Certificate -Natives $Natives | Format-Table -AutoSize
}
if ($Demo) { Invoke-Native dotnet 'run', '-c', 'Release', '--project', "$root/src/ColbertOnnx.Cli", '--', 'demo' }
if ($Bench) { Invoke-Native dotnet 'run', '-c', 'Release', '--project', "$root/tests/benchmarks", '--', 'tokenizer' }
