# How the module comes into a process and leaves it; each case in a PowerShell of its own.
BeforeDiscovery {
    $orders = @{ first = 'theirs' }, @{ first = 'ours' }
}
BeforeAll {
    $module = & "$PSScriptRoot/TestedModule.ps1"
    . "$PSScriptRoot/Shell.ps1"
    # The module without its natives.
    function Copy-Managed([string] $Folder) {
        $source = Split-Path $module
        $null = New-Item -ItemType Directory "$Folder/module/bin"
        Copy-Item $module $Folder
        Copy-Item "$source/module/bin/*.dll" "$Folder/module/bin"
        Copy-Item "$source/module/*.ps*1*", "$source/module/models" "$Folder/module" -Recurse
        Join-Path $Folder (Split-Path $module -Leaf)
    }
}
Describe 'Import-Module ColbertOnnx' {
    It 'says nothing, and loads the library and protobuf only when they are needed' {
        $answer = Invoke-Fresh {
            function Get-Loaded { @((Get-Process -Id $PID).Modules.ModuleName -match 'onnxruntime|Google\.Protobuf').Count }
            $said = Import-Module $with.module -Verbose:$false *>&1 | Out-String
            $null = Get-Command -Module ColbertOnnx
            $before = Get-Loaded
            $null = ConvertTo-ColbertEmbedding -Query 'What is the capital of France?'
            @{ said = $said; before = $before; after = Get-Loaded }
        }
        $answer.said | Should -BeExactly ''
        $answer.before | Should -Be 0
        $answer.after | Should -BeGreaterThan 0
    }
    It 'costs little more CPU time than an empty module' -Tag Timed {
        Set-Content "$TestDrive/Empty.psm1" ''
        New-ModuleManifest "$TestDrive/Empty.psd1" -RootModule Empty.psm1 -FunctionsToExport @() -CmdletsToExport @() -VariablesToExport @() -AliasesToExport @()
        # CPU time: a busy machine stretches the clock's.
        $measure = {
            $before = [Environment]::CpuUsage.TotalTime
            Import-Module $with.path
            ([Environment]::CpuUsage.TotalTime - $before).TotalMilliseconds
        }
        $ours, $empty = @(), @()
        foreach ($round in 1..5) {
            $empty += Invoke-Fresh $measure @{ path = "$TestDrive/Empty.psd1" }
            $ours += Invoke-Fresh $measure @{ path = $module }
        }
        $more = ($ours | Sort-Object)[2] - ($empty | Sort-Object)[2]
        "$('{0:f0}' -f $more) ms of CPU time more than an empty module"
        $more | Should -BeLessThan 1000
    }
    It 'needs a PowerShell that its manifest names' {
        (Import-PowerShellDataFile $module).PowerShellVersion | Should -Be '7.6'
        $future = Copy-Managed "$TestDrive/future"
        (Get-Content $future -Raw) -replace "PowerShellVersion = '7.6'", "PowerShellVersion = '99.0'" | Set-Content $future
        { Import-Module $future -ErrorAction Stop } | Should -Throw '*requires a minimum PowerShell version of*99.0*'
    }
    It 'gives every runspace all cmdlets, and again with -Force' {
        $answer = Invoke-Fresh {
            $path = $with.module
            Import-Module $path
            $counts = @(1..3 | ForEach-Object -Parallel {
                Import-Module $using:path
                Import-Module $using:path -Force
                (Get-Command -Module ColbertOnnx).Count
                $null = ConvertTo-ColbertEmbedding -Query 'x'
            })
            Import-Module $path -Force
            @{ counts = $counts; again = (Get-Command -Module ColbertOnnx).Count; models = @(Get-ColbertModel).Count }
        }
        $expected = (Import-PowerShellDataFile $module).CmdletsToExport.Count
        $answer.counts | Should -Be $expected, $expected, $expected
        $answer.again | Should -Be $expected
    }
}
Describe 'The module''s assemblies' {
    It 'have a load context of their own' {
        Import-Module $module
        [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext((Get-Command Import-ColbertModel).ImplementingType.Assembly).Name | Should -Be 'ColbertOnnx'
    }
}

Describe 'Another module with other versions of the same assemblies' {
    BeforeAll {
        $other = (New-Item -ItemType Directory "$TestDrive/Other").FullName
        foreach ($name in 'ColbertOnnx.Tokenizers', 'ColbertOnnx.Core', 'ColbertOnnx.Tools', 'Google.Protobuf') {
            $assembly = [System.Reflection.Emit.PersistedAssemblyBuilder]::new("$name, Version=99.0.0.0", [object].Assembly)
            $null = $assembly.DefineDynamicModule($name).DefineType("Theirs.$($name -replace '\.')", 'Public, Class').CreateType()
            $assembly.Save("$other/$name.dll")
        }
        Set-Content "$other/Other.psm1" @'
Add-Type -LiteralPath "$PSScriptRoot/ColbertOnnx.Tokenizers.dll", "$PSScriptRoot/ColbertOnnx.Core.dll", "$PSScriptRoot/ColbertOnnx.Tools.dll", "$PSScriptRoot/Google.Protobuf.dll"
function Get-Other { [Theirs.ColbertOnnxTokenizers].Assembly.FullName; [Theirs.ColbertOnnxCore].Assembly.FullName; [Theirs.ColbertOnnxTools].Assembly.FullName; [Theirs.GoogleProtobuf].Assembly.FullName }
'@
    }
    It 'works beside this one, <first> first' -ForEach $orders {
        Copy-Item "$PSScriptRoot/data/onnx/bert-base" "$TestDrive/$first" -Recurse
        Remove-Item "$TestDrive/$first/model_int8.onnx" -ErrorAction Ignore
        $answer = Invoke-Fresh {
            $modules = if ($with.first -eq 'theirs') { $with.other, $with.module } else { $with.module, $with.other }
            foreach ($path in $modules) {
                Import-Module $path
                # Their assemblies are in the process before the other side begins.
                if ($path -eq $with.other) { $null = Get-Other } else { $quantized = (Optimize-ColbertModel $with.model).Files.Name }
            }
            @{ other = Get-Other; quantized = $quantized; dimension = (ConvertTo-ColbertEmbedding -Query 'x').Dimension }
        } @{ first = $first; other = "$other/Other.psm1"; model = "$TestDrive/$first" }
        $answer.other | Should -Be @(foreach ($name in 'ColbertOnnx.Tokenizers', 'ColbertOnnx.Core', 'ColbertOnnx.Tools', 'Google.Protobuf') { "$name, Version=99.0.0.0, Culture=neutral, PublicKeyToken=null" })
        $answer.quantized | Should -Contain 'model_int8.onnx'
        $answer.dimension | Should -Be 96
    }
}
Describe 'A copy that has no library for this platform' {
    It 'imports, counts tokens, and says at the first text what is missing and what is there' {
        $copy = Copy-Managed "$TestDrive/foreign"
        $null = New-Item "$TestDrive/foreign/module/bin/runtimes/plan9-x64/native/libonnxruntime.so.1" -Force
        $answer = Invoke-Fresh {
            Import-Module $with.copy
            $tokens = (ConvertTo-ColbertToken 'Bread rises.').Tokens.Count
            try { ConvertTo-ColbertEmbedding -Query 'x' } catch { $failure = $_ }
            @{ tokens = $tokens; id = $failure.FullyQualifiedErrorId; message = $failure.Exception.Message; action = $failure.ErrorDetails.RecommendedAction }
        } @{ copy = $copy }
        $answer.tokens | Should -BeGreaterThan 3
        $answer.id | Should -BeLike 'NativeLibraryNotFound,*'
        $answer.message | Should -BeLike '*plan9-x64*'
        $answer.action | Should -BeLike '*COLBERT_ONNXRUNTIME*'
    }
}
Describe 'ConstrainedLanguage' {
    It 'leaves the cmdlets as they are' {
        $answer = Invoke-Fresh {
            $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault())
            $runspace.Open()
            $runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
            $pipeline = [powershell]::Create($runspace).AddScript(@"
                Import-Module '$($with.module)'
                `$embedding = 'Bread rises.' | ConvertTo-ColbertEmbedding -Document
                @{ mode = "`$(`$ExecutionContext.SessionState.LanguageMode)"; commands = (Get-Command -Module ColbertOnnx).Count; dimension = `$embedding.Dimension
                    row = `$embedding[0].Count; text = "`$embedding"; models = @(Get-ColbertModel).Count; synopsis = (Get-Help ConvertTo-ColbertEmbedding).Synopsis }
"@)
            $result = $pipeline.Invoke()
            @{ result = $result[0]; errors = "$($pipeline.Streams.Error)" }
        }
        $answer.errors | Should -BeExactly ''
        $answer.result.mode | Should -Be 'ConstrainedLanguage'
        $answer.result.commands | Should -Be (Import-PowerShellDataFile $module).CmdletsToExport.Count
        $answer.result.dimension | Should -Be 96
        $answer.result.row | Should -Be 96
        $answer.result.models | Should -Be 1
        $answer.result.synopsis | Should -BeLike '*embeddings*'
    }
}
Describe 'Remove-Module ColbertOnnx' {
    It 'closes the models and frees their memory; the end of another runspace does not' {
        if (-not $IsLinux) { Set-ItResult -Skipped -Because 'it reads /proc/self/maps' }
        $answer = Invoke-Fresh {
            $env:COLBERT_CACHE = $with.cache
            function Get-Mapped { @((Get-Content /proc/self/maps) -match [regex]::Escape($with.cache)).Count }
            function Step([string] $Name) { @{ name = $Name; models = @(Get-ColbertModel).Count; mapped = Get-Mapped } }
            $path = $with.module
            Import-Module $path
            $null = 'a', 'b' | ConvertTo-ColbertEmbedding -Document
            Step 'used'
            1..2 | ForEach-Object -Parallel { Import-Module $using:path; $null = ConvertTo-ColbertEmbedding -Query 'x' }
            Step 'runspaces ended'
            $model = Get-ColbertModel
            Remove-Module ColbertOnnx
            @{ name = 'removed'; models = 0; mapped = Get-Mapped }
            Import-Module $path
            Step 'imported again'
            try { ConvertTo-ColbertEmbedding -Query 'x' -Model $model } catch { @{ name = $_.FullyQualifiedErrorId } }
            $null = ConvertTo-ColbertEmbedding -Query 'x'
            Step 'used again'
            Import-Module $path -Force
            Step 'forced'
        } @{ cache = "$TestDrive/cache" }
        $answer.name | Should -Be 'used', 'runspaces ended', 'removed', 'imported again', 'InputInvalid,ColbertOnnx.PowerShell.Commands.ConvertToColbertEmbeddingCommand', 'used again', 'forced'
        $answer.models | Where-Object { $null -ne $_ } | Should -Be 1, 1, 0, 0, 1, 0
        $answer.mapped | Where-Object { $null -ne $_ } | ForEach-Object { $_ -gt 0 } | Should -Be $true, $true, $false, $false, $true, $false
    }
}
Describe 'Test files' {
    It 'import the module through TestedModule.ps1' {
        $direct = Get-ChildItem "$PSScriptRoot/*.Tests.ps1" | Select-String -Pattern 'Import-Module [^(\r\n]*root/ColbertOnnx\.psd1'
        $direct | Should -BeNullOrEmpty
    }
    It 'start this PowerShell again through Shell.ps1, as a .NET tool it is not a pwsh' {
        Get-ChildItem "$PSScriptRoot/*.ps1" -Exclude Shell.ps1 | Select-String -Pattern '[=&(] *pwsh ', 'Get-Command pwsh', 'Environment\]::ProcessPath', 'Process -Id \$PID\)\.Path' | Where-Object Line -NotMatch 'Select-String' | Should -BeNullOrEmpty
    }
}
