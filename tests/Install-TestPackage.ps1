# Installs the package of a folder as a user with the home $UserHome would, and gives the path of its manifest. Nothing of the real user changes.
param([Parameter(Mandatory)] [string] $Package, [Parameter(Mandatory)] [string] $UserHome)
$null = New-Item -ItemType Directory $UserHome -Force
. "$PSScriptRoot/Shell.ps1"
$script = @"
`$ErrorActionPreference = 'Stop'
Register-PSResourceRepository -Name ColbertTest -Uri '$($Package -replace "'", "''")'
try {
    if (`$IsWindows) { Save-PSResource ColbertOnnx -Repository ColbertTest -TrustRepository -Quiet -Path '$($UserHome -replace "'", "''")' }
    else { Install-PSResource ColbertOnnx -Repository ColbertTest -TrustRepository -Quiet }
} finally { Unregister-PSResourceRepository ColbertTest }
"@
$names = 'HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'PSModulePath'
$before = @{}
foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
try {
    if (-not $IsWindows) { foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, ($name -eq 'HOME' ? $UserHome : $null)) } }
    $said = Invoke-PowerShell -Command $script 2>&1
    if ($LASTEXITCODE) { throw "The package was not installed: $said" }
}
finally { foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
@(Get-ChildItem $UserHome -Recurse -Force -Filter ColbertOnnx.psd1)[0].FullName
