# What only a real PowerShell can show of export, quantization and their checks.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $source = "$root/tests/data/pylate/bert-base"
}

AfterAll { Remove-Module ColbertOnnx }

Describe 'Export-ColbertModel' {
    BeforeEach {
        $checkpoint = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        Copy-Item "$source/*" $checkpoint -Recurse
    }

    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'writes a folder that the checkpoint''s own path opens' {
        $folder = Export-ColbertModel $checkpoint -Quantize
        $folder.Path | Should -Be (Join-Path $checkpoint 'onnx')
        $folder.Files.Name | Should -Be 'model.onnx', 'model_int8.onnx', 'onnx_config.json', 'tokenizer.json'
        $folder.Length | Should -Be (Get-ChildItem $folder.Path | Measure-Object Length -Sum).Sum
        $folder.QuantizedVerification.MeanCosine | Should -BeGreaterThan 0.98
        foreach ($quantized in $false, $true) {
            $model = Import-ColbertModel $checkpoint -Quantized:$quantized
            $model.Path | Should -Be $folder.Path
            $model.IsQuantized | Should -Be $quantized
            $embedding = ConvertTo-ColbertEmbedding -Document 'the cat sat on the mat' -Model $model
            $embedding.Dimension | Should -Be 16
            ($embedding[0] | ForEach-Object { $_ * $_ } | Measure-Object -Sum).Sum | Should -BeGreaterThan 0.9999
        }
    }

    It 'shows what was written as a list' {
        $shown = (Export-ColbertModel $checkpoint -Quantize | Out-String -Width 400) -split '\r?\n' -match '\S'
        ($shown -replace ' *:.*') | Should -Be 'Path', 'ModelType', 'Dimension', 'Files', 'Verification', 'QuantizedVerification', 'Duration'
        $shown -match '^Files' | Should -Match 'model\.onnx \(\d+\.\d kB\), model_int8\.onnx \(\d+\.\d kB\)'
        $shown -match '^QuantizedVerification' | Should -Match 'cosine 0\.99\d+ in the mean'
    }

    It 'leaves out of the list what was not done' {
        $shown = Export-ColbertModel $checkpoint | Out-String -Width 400
        $shown | Should -Match '(?m)^Verification'
        $shown | Should -Not -Match 'QuantizedVerification'
        Optimize-ColbertModel "$checkpoint/onnx" | Out-String -Width 400 | Should -Not -Match '(?m)^(ModelType|Verification)'
    }

    It 'takes folders from the pipeline, and one bad folder does not stop the rest' {
        $other = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        Copy-Item "$source/*" $other -Recurse
        $bad = New-Item -ItemType Directory "$TestDrive/$(New-Guid)"
        $folders = Get-Item -LiteralPath $checkpoint, $bad.FullName, $other | Export-ColbertModel -ErrorVariable problems -ErrorAction SilentlyContinue
        $folders.Path | Should -Be (Join-Path $checkpoint 'onnx'), (Join-Path $other 'onnx')
        $problems | Should -HaveCount 1
        $problems[0].TargetObject | Should -BeLike "*$($bad.Name)"
    }

    It 'writes nothing with -WhatIf' {
        Export-ColbertModel $checkpoint -WhatIf | Should -BeNullOrEmpty
        "$checkpoint/onnx" | Should -Not -Exist
        Export-ColbertModel $checkpoint | Out-Null
        Optimize-ColbertModel "$checkpoint/onnx" -WhatIf | Should -BeNullOrEmpty
        "$checkpoint/onnx/model_int8.onnx" | Should -Not -Exist
    }

    It 'replaces an export only with -Force' {
        Export-ColbertModel $checkpoint | Out-Null
        Export-ColbertModel $checkpoint -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OutputExists,*'
        (Export-ColbertModel $checkpoint -Force).Dimension | Should -Be 16
    }

    It 'takes drives and names with brackets' {
        New-PSDrive -Name Models -PSProvider FileSystem -Root $TestDrive | Out-Null
        Copy-Item -LiteralPath $checkpoint "$TestDrive/run 7" -Recurse
        Rename-Item "$TestDrive/run 7" 'run [7]'
        $folder = Export-ColbertModel -LiteralPath 'Models:/run [7]' -Destination 'Models:/out [7]'
        $folder.Path | Should -Be (Join-Path $TestDrive 'out [7]')
        (Import-ColbertModel -LiteralPath 'Models:/out [7]').Dimension | Should -Be 16
    }
}

Describe 'Optimize-ColbertModel' {
    It 'quantizes an exported folder, and -Verify checks it again without writing' {
        Copy-Item "$root/tests/data/onnx/bert-base" "$TestDrive/other" -Recurse
        Remove-Item "$TestDrive/other/model_int8.onnx"
        $folder = Optimize-ColbertModel "$TestDrive/other"
        $folder.Files.Name | Should -Be 'model_int8.onnx'
        $written = (Get-Item "$TestDrive/other/model_int8.onnx").LastWriteTimeUtc
        $verification = Get-Item "$TestDrive/other" | Optimize-ColbertModel -Verify
        $verification.MeanCosine | Should -Be $folder.QuantizedVerification.MeanCosine
        $verification.SmallestCosine | Should -BeGreaterThan 0.9
        (Get-Item "$TestDrive/other/model_int8.onnx").LastWriteTimeUtc | Should -Be $written
    }
}
