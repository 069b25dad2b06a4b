# ONNX Runtime in a PowerShell: beside another module that carries its own, and with a library of the same name on the search path.
BeforeDiscovery {
    $orders = @{ first = 'theirs' }, @{ first = 'ours' }
}
BeforeAll {
    $module = & "$PSScriptRoot/TestedModule.ps1"
    . "$PSScriptRoot/Shell.ps1"
    $bin = "$(Split-Path $module)/module/bin"
    $rid = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + "-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()
    $library = Get-ChildItem "$bin/runtimes/$rid/native" -File | Where-Object Name -CMatch '^(lib)?onnxruntime\.'
}

Describe 'Another module with an ONNX Runtime of its own' {
    BeforeAll {
        $other = (New-Item -ItemType Directory "$TestDrive/Other").FullName
        $null = New-Item -ItemType Directory "$other/runtimes/$rid/native"
        Copy-Item "$bin/Microsoft.ML.OnnxRuntime.dll", "$bin/System.Numerics.Tensors.dll" $other
        Copy-Item $library "$other/runtimes/$rid/native"
        Set-Content "$other/Other.psm1" @'
Add-Type -LiteralPath "$PSScriptRoot/Microsoft.ML.OnnxRuntime.dll"
function Get-Other([string] $Graph) {
    $session = [Microsoft.ML.OnnxRuntime.InferenceSession]::new($Graph)
    try { $session.OutputNames[0] } finally { $session.Dispose() }
}
'@
    }

    It 'works beside this one, <first> first, and each has its own' -ForEach $orders {
        $answer = Invoke-Fresh {
            $modules = if ($with.first -eq 'theirs') { $with.other, $with.module } else { $with.module, $with.other }
            foreach ($path in $modules) {
                Import-Module $path
                if ($path -eq $with.other) { $output = Get-Other $with.graph } else { $dimension = (ConvertTo-ColbertEmbedding -Query 'x').Dimension }
            }
            $null = ConvertTo-ColbertEmbedding -Document 'x' -Model (Split-Path $with.graph)
            $again = Get-Other $with.graph
            Remove-Module ColbertOnnx
            $contexts = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Microsoft.ML.OnnxRuntime' } | ForEach-Object { [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name }
            $mapped = if ($IsLinux) { @((Get-Content /proc/self/maps) -match '/libonnxruntime\.so' -replace '^[^/]*' | Sort-Object -Unique) }
            @{ output = $output; dimension = $dimension; again = $again; after = Get-Other $with.graph; contexts = @($contexts | Sort-Object); mapped = $mapped }
        } @{ first = $first; other = "$other/Other.psm1"; graph = "$PSScriptRoot/data/onnx/bert-base/model.onnx" }
        $answer.dimension | Should -Be 96
        $answer.output | Should -Not -BeNullOrEmpty
        $answer.again, $answer.after | Should -Be $answer.output, $answer.output
        $answer.contexts | Should -Be 'ColbertOnnx', 'Default'
        if ($IsLinux) { $answer.mapped | Should -HaveCount 2 }
    }
}

Describe 'A library of the same name on the search path' {
    It 'never wins, in the module''s load context' {
        $decoy = (New-Item -ItemType Directory "$TestDrive/decoy").FullName
        $something = Get-ChildItem ([System.Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) -Filter '*System.IO.Compression.Native.*' | Select-Object -First 1
        Copy-Item $something.FullName "$decoy/$($library.Name)"
        $variable = $IsWindows ? 'PATH' : $IsMacOS ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
        $before = [Environment]::GetEnvironmentVariable($variable)
        [Environment]::SetEnvironmentVariable($variable, ($before ? "$decoy$([IO.Path]::PathSeparator)$before" : $decoy))
        try {
            $answer = Invoke-Fresh {
                Import-Module $with.module
                $dimension = (ConvertTo-ColbertEmbedding -Query 'x').Dimension
                # By its name the decoy is what the system finds.
                $found = [IntPtr]::Zero
                @{ dimension = $dimension; found = [System.Runtime.InteropServices.NativeLibrary]::TryLoad($with.name, [ref] $found); isOurs = [System.Runtime.InteropServices.NativeLibrary]::TryGetExport($found, 'OrtGetApiBase', [ref] $found) }
            } @{ name = $library.Name }
        }
        finally { [Environment]::SetEnvironmentVariable($variable, $before) }
        $answer.dimension | Should -Be 96
        $answer.found | Should -BeTrue
        $answer.isOurs | Should -BeFalse
    }
}

Describe 'A fresh import' {
    It 'loads nothing of ONNX Runtime, neither its library nor its API' {
        $answer = Invoke-Fresh {
            Import-Module $with.module
            $null = Get-Command -Module ColbertOnnx
            @{ assemblies = @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -match 'OnnxRuntime' }).Count; native = @((Get-Process -Id $PID).Modules.ModuleName -match 'onnxruntime').Count }
        }
        $answer.assemblies | Should -Be 0
        $answer.native | Should -Be 0
    }
}
