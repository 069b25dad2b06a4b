# Makes the package of this platform, installs it as a user would, and gives the folder of the one and the manifest of the other.
$ErrorActionPreference = 'Stop'
$root = Split-Path (Split-Path $PSScriptRoot)
Import-Module "$root/tools/Package/Package.psm1" -Force
$rid = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + "-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()
$package = "$root/out/installed/$rid"
# A release has npm's natives on some platforms. Where npm is missing, NuGet's stand in: the module around them is the same, and .ci/run says so.
$natives = (Get-Command npm -CommandType Application -ErrorAction Ignore) ? 'release' : 'nuget'
$null = New-ColbertPackage "$root/out/installed" $rid -Natives $natives
$package
& "$root/tests/Install-TestPackage.ps1" $package "$package/home"
