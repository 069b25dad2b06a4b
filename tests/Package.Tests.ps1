# What build.ps1 -Package makes, as its users meet it: installed without a network, from odd folders, by two users at once.
BeforeAll {
    . "$PSScriptRoot/Shell.ps1"
    # Another user must be able to read this PowerShell: one among the packages of root's home is root's alone.
    $asNobody = '--reuid=nobody', '--regid=nogroup', '--clear-groups'
    $canChangeUser = $IsLinux -and (id -u) -eq 0 -and (Get-Command setpriv -ErrorAction Ignore) -and $(setpriv @asNobody $shell @shellArguments -NoProfile -Command 'exit 0' *> $null; $LASTEXITCODE -eq 0)
    $root = Split-Path $PSScriptRoot
    Import-Module "$root/tools/Package/Package.psm1" -Force
    $version = (Import-PowerShellDataFile "$root/ColbertOnnx.psd1").ModuleVersion
    $rid = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + "-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()
    $package = $env:COLBERT_TEST_PACKAGE
    if (-not $package) {
        $null = New-ColbertPackage "$TestDrive/package" $rid
        $package = "$TestDrive/package/$rid"
    }
    $folder = "$package/ColbertOnnx/$version"
    $addOn = "$package/ColbertOnnxParquet/$version"
    function Get-FileName([string] $Folder) { Get-ChildItem $Folder -Recurse -File -Force | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/') } | Sort-Object -Culture '' }
    # The line of docs/install.md that checks the hashes.
    $check = [scriptblock]::Create(((Get-Content "$root/docs/install.md") -match '^Get-Content SHA256SUMS')[0])
}
Describe 'The package' -Tag Package {
    It 'holds what a user needs and nothing else' {
        $names = Get-FileName $folder
        $names | Where-Object { $_ -notmatch '^(LICENSE|SHA256SUMS|ColbertOnnx\.psd1|en-US/[^/]+(\.xml|\.help\.txt)|licenses/.+\.(txt|md)|module/(ColbertOnnx\.(psm1|Format\.ps1xml|Types\.ps1xml)|models/minilm-l6-colbert-96/.+|bin/(ColbertOnnx[^/]*\.(dll|pdb)|Google\.Protobuf\.dll|Microsoft\.Extensions\.AI\.Abstractions\.dll|Microsoft\.ML\.OnnxRuntime\.dll|Microsoft\.ML\.Tokenizers\.dll|System\.Numerics\.Tensors\.dll|runtimes/.+)))$' } | Should -BeNullOrEmpty
        foreach ($name in 'LICENSE', 'ColbertOnnx.psd1', 'en-US/ColbertOnnx.dll-Help.xml', 'licenses/README.md', 'licenses/onnxruntime/ThirdPartyNotices.txt', 'licenses/google.protobuf/LICENSE.txt', 'licenses/microsoft.ml.tokenizers/LICENSE.txt',
            'module/models/minilm-l6-colbert-96/LICENSE', 'module/models/minilm-l6-colbert-96/model_int8.onnx', 'module/bin/ColbertOnnx.Core.dll', 'module/bin/ColbertOnnx.Tools.dll', 'module/bin/Microsoft.ML.OnnxRuntime.dll') { $names | Should -Contain $name }
        # All assemblies of the build: what one of them refers to would be missed at a user's alone.
        $names -match '^module/bin/[^/]+\.dll$' -replace '.*/' | Sort-Object | Should -Be ((Get-ChildItem "$root/module/bin/*.dll").Name | Sort-Object)
        Get-ChildItem "$folder/module/bin/runtimes" | Should -HaveCount 1
        Get-ChildItem "$folder/module/bin/runtimes/$rid/native/*onnxruntime*" | Should -Not -BeNullOrEmpty
    }
    It 'has our assemblies compiled beforehand, and the others as their makers signed them' {
        foreach ($file in Get-ChildItem "$folder/module/bin/*.dll") {
            $reader = [Reflection.PortableExecutable.PEReader]::new($file.OpenRead())
            try { $isCompiled = $reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0 } finally { $reader.Dispose() }
            $isCompiled | Should -Be $file.Name.StartsWith('ColbertOnnx') -Because $file.Name
            if (-not $isCompiled) { (Get-FileHash $file).Hash | Should -Be (Get-FileHash "$root/module/bin/$($file.Name)").Hash -Because $file.Name }
        }
    }
    It 'names in its licences the versions that are in it' {
        $notices = Get-Content "$folder/licenses/README.md" -Raw
        $notices | Should -BeLike "*ONNX Runtime $((Get-Content "$root/src/native/package.json" -Raw | ConvertFrom-Json).dependencies.'onnxruntime-node'),*"
        $packages = ([xml](Get-Content "$root/Directory.Packages.props" -Raw)).Project
        $notices | Should -BeLike "*ONNX Runtime $($packages.PropertyGroup.OnnxRuntimeVersion),*"
        $versions = $packages.ItemGroup.PackageVersion
        $notices | Should -BeLike "*Protocol Buffers $(($versions | Where-Object Include -EQ Google.Protobuf).Version),*"
        $notices | Should -BeLike "*Microsoft.ML.Tokenizers $(($versions | Where-Object Include -EQ Microsoft.ML.Tokenizers).Version),*"
        $notices | Should -BeLike "*System.CommandLine $(($versions | Where-Object Include -EQ System.CommandLine).Version),*"
    }
    It 'leaves Parquet to an add-on of the same version, which names its licences' {
        Get-ChildItem $folder -Recurse | Where-Object Name -Match 'parquet|arrow' | Should -BeNullOrEmpty
        Get-FileName $addOn | Should -Be @(@('bin/Apache.Arrow.dll', 'bin/Apache.Arrow.Scalars.dll', 'bin/ColbertOnnx.Parquet.dll', 'bin/ColbertOnnx.Parquet.pdb', 'bin/ParquetSharp.dll',
            "bin/runtimes/$rid/native/$((Get-ChildItem "$addOn/bin/runtimes/$rid/native").Name)", 'ColbertOnnxParquet.psd1', 'LICENSE', 'licenses/apache.arrow/LICENSE.txt', 'licenses/parquetsharp/LICENSE.txt', 'licenses/README.md', 'SHA256SUMS') | Sort-Object -Culture '')
        (Test-ModuleManifest "$addOn/ColbertOnnxParquet.psd1").Version | Should -Be $version
        $versions = ([xml](Get-Content "$root/Directory.Packages.props" -Raw)).Project.ItemGroup.PackageVersion
        $notices = Get-Content "$addOn/licenses/README.md" -Raw
        foreach ($name in 'ParquetSharp', 'Apache.Arrow') { $notices | Should -BeLike "* $(($versions | Where-Object Include -EQ $name).Version),*" }
    }
    It 'has the same files in the zip, the .nupkg and the folder, sorted, with one time' {
        foreach ($archive in "ColbertOnnx-$version-$rid.zip", "ColbertOnnx.$version.nupkg", "ColbertOnnxParquet-$version-$rid.zip", "ColbertOnnxParquet.$version.nupkg") {
            $module = $archive -match '^(\w+)' ? $Matches[1] : ''
            $zip = [IO.Compression.ZipFile]::OpenRead("$package/$archive")
            try {
                $sorted = [string[]] $zip.Entries.FullName
                [array]::Sort($sorted, [StringComparer]::Ordinal)
                $zip.Entries.FullName | Should -Be $sorted
                $zip.Entries.LastWriteTime.DateTime | Select-Object -Unique | Should -HaveCount 1
                $own = $zip.Entries.FullName -replace "^$module/$([regex]::Escape($version))/" | Where-Object { $_ -notin '_rels/.rels', '[Content_Types].xml', "$module.nuspec" }
                $own | Sort-Object -Culture '' | Should -Be (Get-FileName "$package/$module/$version")
            }
            finally { $zip.Dispose() }
        }
    }
    It 'is written with the same bytes whatever the files'' order and times' {
        $hashes = foreach ($order in @('a', 'b'), @('b', 'a')) {
            $source = New-Item -ItemType Directory "$TestDrive/$(New-Guid)"
            foreach ($name in $order) { Set-Content "$source/$name.txt" $name -NoNewline; (Get-Item "$source/$name.txt").LastWriteTime = (Get-Date).AddDays(-$order.IndexOf($name)) }
            $file = "$source.zip"
            & (Get-Module Package) { Write-Archive $args[0] (Get-ArchiveFile $args[1]) ([datetimeoffset]::new(2026, 2, 3, 4, 5, 6, 0)) } $file "$source"
            (Get-FileHash $file).Hash
        }
        $hashes | Select-Object -Unique | Should -HaveCount 1
    }
    It 'is reported by the line of docs/install.md when a file was changed' {
        Copy-Item "$folder/en-US", "$folder/licenses", "$folder/LICENSE" (New-Item -ItemType Directory "$TestDrive/hashes") -Recurse
        Get-Content "$folder/SHA256SUMS" | Where-Object { $_ -match '  (en-US|licenses|LICENSE)' } | Set-Content "$TestDrive/hashes/SHA256SUMS"
        Push-Location "$TestDrive/hashes"
        try {
            & $check | Should -BeNullOrEmpty
            Add-Content LICENSE 'x'
            & $check | Should -BeLike '*LICENSE*'
        }
        finally { Pop-Location }
    }
    It 'has no assembly that an earlier publish left behind' {
        $target = New-Item -ItemType Directory "$TestDrive/compiled/module/bin"
        $left = (New-Item "$root/out/compiled/plan9-x64/ColbertOnnx.Old.dll" -Force).Directory
        try {
            InModuleScope Package -Parameters @{ folder = "$TestDrive/compiled" } {
                Mock Publish-Apart { $null = New-Item "$Folder/ColbertOnnx.dll" -Force }
                Copy-CompiledAssembly $folder plan9-x64
            }
            Get-FileName $target | Should -Be ColbertOnnx.dll
        }
        finally { Remove-Item $left -Recurse -Force -ErrorAction Ignore }
    }
    It 'is refused above what the gallery takes' {
        & (Get-Module Package) { Assert-GallerySize $args[0] } "$package/ColbertOnnx.$version.nupkg"
        { & (Get-Module Package) { Assert-GallerySize $args[0] 1e6 } "$package/ColbertOnnx.$version.nupkg" } | Should -Throw '*the gallery takes 1*-Platform*'
    }
    It 'is not made for a platform that has no natives' {
        { New-ColbertPackage "$TestDrive/none" 'plan9-x64' } | Should -Throw '*plan9-x64*linux-x64*'
        "$TestDrive/none" | Should -Not -Exist
    }
}
Describe 'Signing' -Tag Package {
    It 'says that it needs Windows, before anything is made' {
        if ($IsWindows) { Set-ItResult -Skipped -Because 'this is Windows' }
        { New-ColbertPackage "$TestDrive/none" -Certificate 0123456789ABCDEF } | Should -Throw '*needs Windows*'
        "$TestDrive/none" | Should -Not -Exist
    }
    It 'signs each file of ours and no other, and fails with the one that was not' {
        $copy = New-Item -ItemType Directory "$TestDrive/signed"
        foreach ($name in 'ColbertOnnx.psd1', 'module/a.psm1', 'module/b.ps1xml', 'module/bin/ColbertOnnx.Core.dll', 'module/bin/Google.Protobuf.dll', 'module/bin/onnxruntime.dll') { $null = New-Item "$copy/$name" -Force }
        InModuleScope Package -Parameters @{ copy = "$copy" } {
            function Set-AuthenticodeSignature($LiteralPath, $Certificate, $HashAlgorithm) { }
            Mock Set-AuthenticodeSignature { @{ Status = 'Valid' } }
            Add-ModuleSignature $copy 'certificate'
            Should -Invoke Set-AuthenticodeSignature -Times 4 -Exactly
            Should -Invoke Set-AuthenticodeSignature -Times 0 -Exactly -ParameterFilter { $LiteralPath -match 'Protobuf|onnxruntime' }
            Mock Set-AuthenticodeSignature { @{ Status = 'UnknownError'; StatusMessage = 'no' } } -ParameterFilter { $LiteralPath -like '*a.psm1' }
            { Add-ModuleSignature $copy 'certificate' } | Should -Throw '*a.psm1*was not signed*no*'
        }
    }
}
Describe 'An installed package' -Tag Package {
    BeforeAll {
        $installed = if ($env:COLBERT_TEST_PACKAGE) { & "$PSScriptRoot/TestedModule.ps1" } else { & "$PSScriptRoot/Install-TestPackage.ps1" $package "$TestDrive/home" }
    }
    It 'is what Install-PSResource made of the .nupkg' {
        Split-Path (Split-Path $installed) | Split-Path -Leaf | Should -Be ColbertOnnx
        Split-Path (Split-Path $installed) -Leaf | Should -Be $version
        (Get-FileName (Split-Path $installed)) | Where-Object { $_ -ne 'PSGetModuleInfo.xml' } | Should -Be (Get-FileName $folder)
        Push-Location (Split-Path $installed)
        try { & $check | Should -BeNullOrEmpty } finally { Pop-Location }
    }
    It 'reads and writes Parquet once the add-on is among the modules, and says before what to install' {
        $script = "Import-Module '$installed'; 'Bread rises.' | ConvertTo-ColbertEmbedding -Document | Export-ColbertEmbedding '$TestDrive/out.parquet' -IncludeText -Force; (Import-ColbertEmbedding '$TestDrive/out.parquet').Text"
        $before = $env:PSModulePath
        try {
            "$(Invoke-PowerShell -Command $script 2>&1)" | Should -BeLike '*Install-PSResource ColbertOnnxParquet*'
            $env:PSModulePath = "$package$([IO.Path]::PathSeparator)$before"
            Invoke-PowerShell -Command $script | Should -Be 'Bread rises.'
        }
        finally { $env:PSModulePath = $before }
    }
    It 'works from a folder with blanks and umlauts, read-only, for two users at once' {
        if (-not $IsLinux) { Set-ItResult -Skipped -Because 'it makes a folder read-only as Linux does' }
        $place = (New-Item -ItemType Directory "$TestDrive/mit Leerzeichen äöü").FullName
        Copy-Item (Split-Path $installed) "$place/ColbertOnnx" -Recurse
        chmod -R a-w,a+rX $place
        $before = Get-FileName $place
        $started = foreach ($user in 'root', 'nobody') {
            $personal = (New-Item -ItemType Directory "$TestDrive/home of $user").FullName
            $start = [Diagnostics.ProcessStartInfo]::new($shell)
            $arguments = $shellArguments + '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$place/ColbertOnnx/ColbertOnnx.psd1'; 1..40 | ForEach-Object { `"text `$_`" } | ConvertTo-ColbertEmbedding -Document | ForEach-Object Dimension | Measure-Object -Sum | ForEach-Object Sum; (Get-ColbertModel).Path; id -un"
            if ($canChangeUser -and $user -eq 'nobody') {
                chown nobody $personal
                $start.FileName = 'setpriv'
                $arguments = $asNobody + $shell + $arguments
            }
            foreach ($argument in $arguments) { $start.ArgumentList.Add($argument) }
            $start.RedirectStandardOutput = $start.RedirectStandardError = $true
            foreach ($name in 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'COLBERT_CACHE', 'PSModulePath') { $null = $start.Environment.Remove($name) }
            $start.Environment['HOME'] = $personal
            $start.WorkingDirectory = $personal
            @{ user = $user; home = $personal; process = [Diagnostics.Process]::Start($start) }
        }
        foreach ($one in $started) {
            $said = $one.process.StandardOutput.ReadToEnd() -split '\r?\n'
            $one.process.StandardError.ReadToEnd() | Should -BeExactly ''
            $one.process.WaitForExit()
            $said[0] | Should -Be (40 * 96)
            $said[1] | Should -BeLike "$place/*"
            if ($canChangeUser) { $said[2] | Should -Be $one.user }
            Get-ChildItem "$($one.home)/.cache/*" -Recurse -File | Should -Not -BeNullOrEmpty # each has packed weights of its own
        }
        Get-FileName $place | Should -Be $before
        chmod -R u+w $place
    }
}
Describe 'colbert as a .NET tool' -Tag Package {
    It 'is installed without a network and answers as the one that was built' {
        Set-Content "$TestDrive/nuget.config" "<configuration><packageSources><clear /><add key=`"local`" value=`"$package`" /></packageSources></configuration>"
        $said = dotnet tool install colbert --version $version --configfile "$TestDrive/nuget.config" --tool-path "$TestDrive/tool" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$said"
        $demo = & "$TestDrive/tool/colbert" demo
        $LASTEXITCODE | Should -Be 0
        $demo | Should -Be (& "$root/src/ColbertOnnx.Cli/bin/Release/net10.0/colbert" demo)
        $demo[0] | Should -BeLike 'Model*minilm*'
        Get-ChildItem "$TestDrive/tool/.store" -Recurse -File | Where-Object Name -CMatch '^(lib)?onnxruntime' | Should -HaveCount 1
        Get-ChildItem "$TestDrive/tool/.store" -Recurse -Filter 'ThirdPartyNotices.txt' | Should -Not -BeNullOrEmpty
        Get-ChildItem "$TestDrive/tool/.store" -Recurse -File | Where-Object Name -Match parquet | Should -BeNullOrEmpty
        Set-Content "$TestDrive/texts.txt" 'Bread rises.'
        $env:COLBERT_PARQUET = "$addOn/bin"
        try { & "$TestDrive/tool/colbert" encode --document "$TestDrive/texts.txt" -o "$TestDrive/tool.parquet" } finally { $env:COLBERT_PARQUET = $null }
        $LASTEXITCODE | Should -Be 0
        "$TestDrive/tool.parquet" | Should -Exist
    }
}
Describe 'colbert as a program of its own' -Tag Package {
    BeforeAll {
        $zip = "$package/colbert-$version-$rid.zip"
        if (Test-Path $zip) {
            [IO.Compression.ZipFile]::ExtractToDirectory($zip, "$TestDrive/native")
            $native = (Get-Item "$TestDrive/native/colbert/colbert*").FullName
        }
        # As a machine without .NET has it.
        function Invoke-Native {
            $before = @{}
            foreach ($name in 'PATH', 'DOTNET_ROOT', 'DOTNET_ROOT_X64') { $before[$name] = [Environment]::GetEnvironmentVariable($name); [Environment]::SetEnvironmentVariable($name, $null) }
            try { & $native @args } finally { foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
        }
    }
    BeforeEach { if (-not $native) { Set-ItResult -Skipped -Because 'there was no clang or gcc to link it with' } }
    It 'runs from its zip without .NET, and answers as the one that was built' {
        # Compiled beforehand, its vectors have 256 bits.
        $env:DOTNET_EnableAVX512 = '0'
        try { $demo = & "$root/src/ColbertOnnx.Cli/bin/Release/net10.0/colbert" demo } finally { $env:DOTNET_EnableAVX512 = $null }
        Invoke-Native demo | Should -Be $demo
        $LASTEXITCODE | Should -Be 0
    }
    It 'has nothing of Parquet''s library, and its licences' {
        $names = Get-FileName (Split-Path $native)
        $names | Should -Not -Match '\.(pdb|dbg|dll)$'
        $names | Where-Object { $_ -match 'ParquetSharpNative' } | Should -BeNullOrEmpty
        foreach ($name in 'LICENSE', 'SHA256SUMS', 'licenses/README.md', 'licenses/dotnet/ThirdPartyNotices.txt', 'licenses/parquet/README.md', 'licenses/onnxruntime/ThirdPartyNotices.txt') { $names | Should -Contain $name }
        Push-Location (Split-Path $native)
        try { & $check | Should -BeNullOrEmpty } finally { Pop-Location }
    }
    It 'takes from the add-on its native library, of the same version, and says before what to install' {
        Set-Content "$TestDrive/bread.txt" 'Bread rises.'
        "$(Invoke-Native encode --document "$TestDrive/bread.txt" -o "$TestDrive/native.parquet" 2>&1)" | Should -BeLike '*NativeLibraryNotFound*not installed*COLBERT_PARQUET*'
        $LASTEXITCODE | Should -Be 3
        try {
            $env:COLBERT_PARQUET = (New-Item -ItemType Directory "$TestDrive/other").FullName
            Copy-Item "$addOn/bin/ParquetSharp.dll" "$TestDrive/other/ColbertOnnx.Parquet.dll"
            "$(Invoke-Native encode --document "$TestDrive/bread.txt" -o "$TestDrive/native.parquet" 2>&1)" | Should -BeLike "*is of version*this program of $version*"
            $env:COLBERT_PARQUET = "$addOn/bin"
            Invoke-Native encode --document "$TestDrive/bread.txt" -o "$TestDrive/native.parquet" --include-text
            $LASTEXITCODE | Should -Be 0
            (Invoke-Native encode --document "$TestDrive/native.parquet" -o - | ConvertFrom-Json).text | Should -Be 'Bread rises.'
        }
        finally { $env:COLBERT_PARQUET = $null }
    }
}
