# Zip files that are the same for the same content: sorted names, one time, the same rights.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# Files: the name in the archive -> a file's path, or text.
function Write-Archive([string] $Path, [System.Collections.IDictionary] $Files, [datetimeoffset] $Time, [string[]] $Programs = @()) {
    $names = [string[]] $Files.Keys
    [array]::Sort($names, [StringComparer]::Ordinal)
    $archive = [System.IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($name in $names) {
            $entry = $archive.CreateEntry($name, 'Optimal')
            $entry.LastWriteTime = $Time
            # A file, rw-r--r--; a program that any user may run, rwxr-xr-x.
            $entry.ExternalAttributes = ($name -in $Programs ? 0x81ED : 0x81A4) -shl 16
            $source = if ($Files[$name] -is [IO.FileInfo]) { $Files[$name].OpenRead() } else { [IO.MemoryStream]::new([Text.UTF8Encoding]::new().GetBytes($Files[$name])) }
            $target = $entry.Open()
            try { $source.CopyTo($target) } finally { $target.Dispose(); $source.Dispose() }
        }
    }
    finally { $archive.Dispose() }
}

# A folder's files as Write-Archive takes them.
function Get-ArchiveFile([string] $Folder, [string] $Prefix = '') {
    $files = @{}
    foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -File -Force) {
        $files[$Prefix + [IO.Path]::GetRelativePath($Folder, $file.FullName).Replace('\', '/')] = $file
    }
    $files
}

function Get-XmlText([string] $Text) { [Security.SecurityElement]::Escape($Text) }

# What Compress-PSResource writes, without its random names and times.
function Write-NuGetPackage([string] $Path, [string] $Folder, [hashtable] $Manifest, [datetimeoffset] $Time) {
    $name = [IO.Path]::GetFileNameWithoutExtension((Get-ChildItem -LiteralPath $Folder -Filter *.psd1).Name)
    $data = $Manifest.PrivateData.PSData
    $cmdlets = @($Manifest.CmdletsToExport) | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" }
    $tags = @('PSModule') + $data.Tags + @('PSIncludes_Cmdlet') + $cmdlets -join ' '
    $files = Get-ArchiveFile $Folder
    $types = $files.Keys | ForEach-Object { [IO.Path]::GetExtension($_).TrimStart('.') } | Where-Object { $_ } | Sort-Object -Unique
    $typeless = $files.Keys | Where-Object { -not [IO.Path]::GetExtension($_) } | Sort-Object
    $files['_rels/.rels'] = @"
<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/$name.nuspec" Id="R1" />
</Relationships>
"@
    $files['[Content_Types].xml'] = @"
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />
  <Default Extension="nuspec" ContentType="application/octet" />
$(@($types | ForEach-Object { "  <Default Extension=`"$(Get-XmlText $_)`" ContentType=`"application/octet`" />" }
    $typeless | ForEach-Object { "  <Override PartName=`"/$(Get-XmlText $_)`" ContentType=`"application/octet`" />" }) -join "`n")
</Types>
"@
    $files["$name.nuspec"] = @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata>
    <id>$name</id>
    <version>$($Manifest.ModuleVersion)</version>
    <authors>$(Get-XmlText $Manifest.Author)</authors>
    <owners>$(Get-XmlText $Manifest.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <licenseUrl>$(Get-XmlText $data.LicenseUri)</licenseUrl>
    <description>$(Get-XmlText $Manifest.Description)</description>
    <copyright>$(Get-XmlText $Manifest.Copyright)</copyright>
    <tags>$(Get-XmlText $tags)</tags>
  </metadata>
</package>
"@
    Write-Archive $Path $files $Time
}

Export-ModuleMember Write-Archive, Get-ArchiveFile, Write-NuGetPackage
