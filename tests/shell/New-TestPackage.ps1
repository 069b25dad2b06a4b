# Makes the package of this platform, installs it as a user would, and gives the folder of the one and the manifest of the other.
$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/tools/Package/Package.psm1" -Force
$rid = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + "-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()
$package = "$root/out/installed/$rid"
$null = New-ColbertPackage "$root/out/installed" $rid
$package
& "$root/tests/Install-TestPackage.ps1" $package "$package/home"
