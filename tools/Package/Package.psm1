# The packages of build.ps1 -Package.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/Archive.psm1"
$root = Split-Path (Split-Path $PSScriptRoot)

# What PowerShell's gallery takes, in bytes.
$galleryLimit = 250e6

# What a user needs of the repository, without the natives.
function Copy-ModuleFile([string] $Folder) {
    $null = New-Item -ItemType Directory "$Folder/module/bin"
    Copy-Item "$root/ColbertOnnx.psd1", "$root/LICENSE", "$root/en-US", "$root/module/licenses" $Folder -Recurse
    Copy-Item "$root/module/ColbertOnnx.psm1", "$root/module/ColbertOnnx.Format.ps1xml", "$root/module/ColbertOnnx.Types.ps1xml", "$root/module/models" "$Folder/module" -Recurse
    # Symbols are small, and with them an error's trace has lines.
    Copy-Item "$root/module/bin/*.dll", "$root/module/bin/ColbertOnnx*.pdb" "$Folder/module/bin"
}

# In folders of its own, so that what others build is left alone. Without the analyzers: the build before it has asked them.
function Publish-Apart([string] $Project, [string] $Rid, [string] $Build, [string] $Folder, [string[]] $More) {
    $null = Invoke-DotNet (@('publish', $Project, '-c', 'Release', '-r', $Rid, '--artifacts-path', $Build, "-p:ColbertNativeRids=$Rid",
            '-p:RunAnalyzers=false', '-o', $Folder) + $More)
}

# Ours compiled beforehand for the platform, which takes a third of the work off a start; the others keep their makers' signatures.
function Copy-CompiledAssembly([string] $Folder, [string] $Rid) {
    $built = "$root/out/compiled/$Rid"
    Remove-Item -LiteralPath $built -Recurse -Force -ErrorAction Ignore
    try {
        Publish-Apart "$root/src/ColbertOnnx" $Rid "$root/out/compiled/build" $built '--no-self-contained', '-p:PublishReadyToRun=true'
    }
    catch {
        Write-Warning "The module for $Rid starts slower, for its assemblies are not compiled beforehand: $($_.Exception.Message.Substring(0, [math]::Min(400, $_.Exception.Message.Length)))"
        return
    }
    Copy-Item "$built/ColbertOnnx*.dll", "$built/ColbertOnnx*.pdb" "$Folder/module/bin"
}

# The add-on for Parquet: a module without cmdlets, which the module and the command look for. It is of the same version as they.
function New-ParquetAddOn([string] $Folder, [hashtable] $Manifest, [string] $Natives, [string] $Rids) {
    $null = New-Item -ItemType Directory $Folder
    $null = Invoke-DotNet 'msbuild', "$root/src/ColbertOnnx.Parquet/ColbertOnnx.Parquet.csproj", '-t:StageColbertParquet', '-p:Configuration=Release',
        "-p:ColbertNatives=$Natives", "-p:ColbertNativeRids=$Rids", "-p:ColbertStageFolder=$Folder"
    Copy-Item "$root/LICENSE" $Folder
    [IO.File]::WriteAllText("$Folder/ColbertOnnxParquet.psd1", @"
@{
    ModuleVersion = '$($Manifest.ModuleVersion)'
    GUID = '0d0f6a52-6d0b-4a5e-9a35-5c4f1b7c2d11'
    Author = '$($Manifest.Author)'
    CompanyName = '$($Manifest.CompanyName)'
    Copyright = '$($Manifest.Copyright)'
    Description = 'Apache Parquet for the module ColbertOnnx of the same version. It has no cmdlets and need not be imported: ColbertOnnx finds it.'
    PowerShellVersion = '$($Manifest.PowerShellVersion)'
    CompatiblePSEditions = @('Core')
    FunctionsToExport = @()
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @('ColBERT', 'Parquet', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = '$($Manifest.PrivateData.PSData.LicenseUri)'
        }
    }
}

"@.ReplaceLineEndings("`n"))
    Import-PowerShellDataFile "$Folder/ColbertOnnxParquet.psd1"
}

# A certificate by its thumbprint in the user's or the machine's store, or from a .pfx file without a password. Throws where it could not be used.
function Resolve-SigningCertificate([string] $Certificate) {
    if (-not (Get-Command Set-AuthenticodeSignature -ErrorAction Ignore)) {
        throw 'Signing needs Windows: this PowerShell has no Set-AuthenticodeSignature. Package there, or without -Certificate.'
    }
    $found = if (Test-Path -LiteralPath $Certificate -PathType Leaf) { Get-PfxCertificate -LiteralPath $Certificate }
    else { Get-ChildItem Cert:/CurrentUser/My, Cert:/LocalMachine/My -CodeSigningCert | Where-Object Thumbprint -EQ $Certificate | Select-Object -First 1 }
    if (-not $found) { throw "There is no certificate for code with the thumbprint '$Certificate', and no such file." }
    $found
}

# Ours alone: what comes from others carries its makers' signatures.
function Add-ModuleSignature([string] $Folder, $Certificate) {
    foreach ($file in Get-ChildItem $Folder -Recurse -File -Include *.psd1, *.psm1, *.ps1xml, ColbertOnnx*.dll) {
        $signature = Set-AuthenticodeSignature -LiteralPath $file.FullName -Certificate $Certificate -HashAlgorithm SHA256
        if ($signature.Status -ne 'Valid') { throw "'$($file.FullName)' was not signed: $($signature.StatusMessage)" }
    }
}

# In the form of sha256sum.
function Write-HashList([string] $Folder) {
    $files = Get-ArchiveFile $Folder
    $names = [string[]] $files.Keys
    [array]::Sort($names, [StringComparer]::Ordinal)
    $lines = $names | ForEach-Object { "$((Get-FileHash -LiteralPath $files[$_].FullName -Algorithm SHA256).Hash.ToLowerInvariant())  $_`n" }
    [IO.File]::WriteAllText("$Folder/SHA256SUMS", -join $lines)
}

function Assert-GallerySize([string] $Path, [long] $Limit = $galleryLimit) {
    $size = (Get-Item -LiteralPath $Path).Length
    if ($size -gt $Limit) { throw "'$Path' has $([math]::Ceiling($size / 1e6)) MB, and the gallery takes $([math]::Floor($Limit / 1e6)). Leave out platforms: -Platform." }
}

# Of a commit, so that it makes the same archives every time; the time matters, for PowerShell's cache of modules goes by it.
function Get-SourceTime {
    $seconds = if ($env:SOURCE_DATE_EPOCH) { $env:SOURCE_DATE_EPOCH } elseif (Get-Command git -ErrorAction Ignore) { git -C $root log -1 --format=%ct 2>$null }
    if ($seconds) { [datetimeoffset]::FromUnixTimeSeconds($seconds) } else { [datetimeoffset]::new(2026, 1, 1, 0, 0, 0, 0) }
}

function Invoke-DotNet([string[]] $Arguments) {
    # A node that waits for the next build would hold the output open for a quarter of an hour.
    $output = dotnet @Arguments -nodeReuse:false 2>&1
    if ($LASTEXITCODE) { throw "dotnet $($Arguments -join ' ') ended with $LASTEXITCODE`: $($output -join "`n")" }
    $output
}

# colbert compiled ahead of time: a folder and a zip of it. It is linked by the system's own linker, so it is made on its platform alone.
function New-NativeCommand([string] $Folder, [string] $Rid, [string] $Version, [string] $Natives, [datetimeoffset] $Time) {
    if ($IsLinux -and -not (Get-Command clang, gcc -CommandType Application -ErrorAction Ignore)) {
        Write-Warning "colbert as a program of its own is left out: to link it takes clang or gcc."
        return
    }
    $built = "$root/out/aot/$Rid"
    Remove-Item -LiteralPath $built -Recurse -Force -ErrorAction Ignore
    Publish-Apart "$root/src/ColbertOnnx.Cli" $Rid "$root/out/aot/build" $built '-p:PublishAot=true', "-p:ColbertNatives=$Natives"
    $target = New-Item -ItemType Directory "$Folder/colbert"
    Copy-Item "$built/*" $target -Recurse -Exclude *.pdb, *.dbg
    Copy-Item "$root/LICENSE", "$root/module/licenses" $target -Recurse
    # What is inside of .NET and of the add-on.
    Copy-Item "$Folder/ColbertOnnxParquet/$Version/licenses" "$target/licenses/parquet" -Recurse
    $dotnet = Get-Item (Get-Command dotnet -CommandType Application)[0].Source
    $dotnet = Split-Path ($dotnet.ResolveLinkTarget($true) ?? $dotnet).FullName
    $null = New-Item -ItemType Directory "$target/licenses/dotnet"
    Copy-Item "$dotnet/LICENSE.txt", "$dotnet/ThirdPartyNotices.txt" "$target/licenses/dotnet"
    Write-HashList $target
    $program = Get-ChildItem "$target/colbert*" -File
    Write-Archive "$Folder/colbert-$Version-$Rid.zip" (Get-ArchiveFile $target 'colbert/') $Time "colbert/$($program.Name)"
}

<#
.SYNOPSIS
Writes Destination/PLATFORM with the module and its add-on for Parquet as folders, zips and .nupkg files, and colbert as a .NET tool, for this machine's platform also as a program that needs no .NET; 'all' has the C# libraries too. Gives a row for each file.
#>
function New-ColbertPackage {
    param(
        [Parameter(Mandatory)] [string] $Destination,
        # Such as linux-x64; 'all' is one package for all of them. Nothing: each, and all.
        [string[]] $Platform,
        # To sign with (Windows): a thumbprint or a .pfx file.
        [string] $Certificate,
        # Where ONNX Runtime's libraries come from, as -p:ColbertNatives has it. What is no release is for no gallery: CUDA's library alone is above its limit.
        [ValidateSet('release', 'nuget', 'npm', 'gpu')] [string] $Natives = 'release'
    )
    if ($Certificate) { $signer = Resolve-SigningCertificate $Certificate }
    $core = "$root/src/ColbertOnnx.Core/ColbertOnnx.Core.csproj"
    $known = (Invoke-DotNet 'msbuild', $core, '-getItem:ColbertPlatform' | Out-String | ConvertFrom-Json).Items.ColbertPlatform.Identity
    if (-not $Platform) { $Platform = $known + 'all' }
    $unknown = $Platform | Where-Object { $_ -notin $known + 'all' }
    if ($unknown) { throw "ONNX Runtime's package has nothing for $($unknown -join ', '): $($known -join ', '), all." }

    # Their packages come with the restore of this build; those of a release are the default's and npm's.
    $source = @(if ($Natives -ne 'release') { "-p:ColbertNatives=$Natives" })
    foreach ($project in 'ColbertOnnx', 'ColbertOnnx.Cli', 'ColbertOnnx.Parquet') { $null = Invoke-DotNet (@('build', "$root/src/$project", '-c', 'Release') + $source) }
    $manifest = Import-PowerShellDataFile "$root/ColbertOnnx.psd1"
    $version = $manifest.ModuleVersion
    $time = Get-SourceTime
    foreach ($name in $Platform) {
        $rids = ($name -eq 'all' ? $known : @($name)) -join '%3B'
        $folder = "$Destination/$name"
        Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
        $module = "$folder/ColbertOnnx/$version"
        Copy-ModuleFile $module
        if ($name -ne 'all') { Copy-CompiledAssembly $module $name }
        $null = Invoke-DotNet 'msbuild', $core, '-t:StageColbertNatives', "-p:ColbertNatives=$Natives", "-p:ColbertNativeRids=$rids", "-p:ColbertStageFolder=$module/module/bin/runtimes"
        $addOn = "$folder/ColbertOnnxParquet/$version"
        $modules = @{ $module = $manifest; $addOn = New-ParquetAddOn $addOn $manifest $Natives $rids }
        foreach ($path in $modules.Keys) {
            $called = Split-Path (Split-Path $path) -Leaf
            if ($Certificate) { Add-ModuleSignature $path $signer }
            Write-HashList $path
            Write-Archive "$folder/$called-$version-$name.zip" (Get-ArchiveFile $path "$called/$version/") $time
            Write-NuGetPackage "$folder/$called.$version.nupkg" $path $modules[$path] $time
        }
        $null = Invoke-DotNet 'pack', "$root/src/ColbertOnnx.Cli", '-c', 'Release', '--no-build', "-p:ColbertNatives=$Natives", "-p:ColbertNativeRids=$rids", '-o', $folder
        if ($name -eq [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier) { New-NativeCommand $folder $name $version $Natives $time }
        # The libraries have nothing of a platform.
        $libraries = if ($name -eq 'all') { 'ColbertOnnx.Tokenizers', 'ColbertOnnx.Core', 'ColbertOnnx.Tools', 'ColbertOnnx.Parquet' }
        foreach ($library in $libraries) {
            $null = Invoke-DotNet (@('pack', "$root/src/$library", '-c', 'Release', '--no-build', '-o', $folder,
                    "-p:DeterministicTimestamp=$($time.ToUnixTimeSeconds())") + $source)
        }
        foreach ($file in Get-ChildItem $folder -File | Sort-Object Name) {
            if ($file.Extension -eq '.nupkg' -and $Natives -eq 'release') { Assert-GallerySize $file.FullName }
            [pscustomobject]@{ Platform = $name; MB = [math]::Round($file.Length / 1e6, 1); File = $file.FullName }
        }
        foreach ($path in $modules.Keys | Sort-Object) { [pscustomobject]@{ Platform = $name; MB = [math]::Round((Get-ChildItem $path -Recurse -File | Measure-Object Length -Sum).Sum / 1e6, 1); File = $path } }
    }
}

Export-ModuleMember New-ColbertPackage
