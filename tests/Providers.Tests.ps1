# Execution providers in a real PowerShell: views, wildcards, completion, and what a model says of itself.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $model = "$root/tests/data/onnx/bert-base"
}

AfterAll { Get-ColbertModel | Remove-ColbertModel }

Describe 'Get-ColbertExecutionProvider' {
    It 'has a line for each provider, with its device or the reason' {
        $lines = Get-ColbertExecutionProvider | Out-String -Width 400
        $lines | Should -Match 'Cpu\s+yes\s+\d+\.\d+\.\d+\s+Cpu '
        $lines | Should -Match 'VitisAI\s+no\s'
        $lines | Should -Match 'built without it'
    }

    It 'is a table with one line for each of them, without the path of the library' {
        $shown = Get-ColbertExecutionProvider | Where-Object Name -NE Cpu
        $missing = @($shown | Where-Object Reason -Match 'built without it')
        $missing | Should -Not -BeNullOrEmpty
        @(($missing | Out-String -Width 80) -split '\r?\n' -match '\S').Count | Should -Be ($missing.Count + 2)
        $missing[0].Reason | Should -BeLike "*('*')*"
    }

    It 'takes wildcards and ONNX Runtime''s names' {
        (Get-ColbertExecutionProvider c*).Name | Should -Be 'Cpu', 'Cuda', 'CoreML'
        (Get-ColbertExecutionProvider WebGpuExecutionProvider).Name | Should -Be 'WebGpu'
    }

    It 'says which names there are when it does not know one, and gives the others' {
        $found = Get-ColbertExecutionProvider Abacus, Cpu -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'Cpu'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        $problems[0].Exception.Message | Should -BeLike "*'Abacus'*WebGpu*"
    }

    It 'completes names, here and at -ExecutionProvider' {
        foreach ($line in 'Get-ColbertExecutionProvider Web', 'Import-ColbertModel -ExecutionProvider Web', 'Measure-ColbertThroughput -ExecutionProvider Web') {
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'WebGpu'
        }
    }
}

Describe 'Import-ColbertModel -ExecutionProvider' {
    It 'warns of what is missing, and the open model tells who runs it' {
        $open = Import-ColbertModel $model -ExecutionProvider VitisAI, Cpu -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -BeLike 'bert-base: VitisAI is not available:*'
        $open.Providers[0].Name | Should -Be 'Cpu'
        Get-ColbertModel | Format-List | Out-String -Width 200 | Should -Match 'Providers\s+: Cpu runs (\d+) of \1 nodes and (\d+) of \2 matrix products'
    }

    It 'is an error with -RequireProvider' {
        { Import-ColbertModel $model -ExecutionProvider VitisAI -RequireProvider -ErrorAction Stop } | Should -Throw -ErrorId 'ProviderUnavailable,*'
    }

    It 'hands options on as they are' {
        # The provider is not here: that the option was taken shows in the error, which is not about it.
        { Import-ColbertModel $model -ExecutionProvider Cuda -ProviderOption @{ device_id = 1; use_tf32 = $true; nonsense = 1 } -ErrorAction Stop } | Should -Throw "*'nonsense'*"
    }
}
