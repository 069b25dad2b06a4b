# What only a real PowerShell can show of the four cmdlets.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $tiny = "$root/tests/data/onnx/bert-base"
}

AfterAll { Remove-Module ColbertOnnx }

Describe 'ConvertTo-ColbertEmbedding' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'encodes a text with the embedded model when no model is named' {
        $embedding = ConvertTo-ColbertEmbedding -Query 'What is the capital of France?'
        $embedding.Dimension | Should -Be 96
        $embedding.TokenCount | Should -Be 9
        $embedding[0] | Should -HaveCount 96
        ($embedding[0] | ForEach-Object { $_ * $_ } | Measure-Object -Sum).Sum | Should -BeGreaterThan 0.9999
    }

    It 'takes strings from the pipeline and keeps their order' {
        $texts = 1..200 | ForEach-Object { 'word ' * (1 + $_ % 7) + $_ }
        ($texts | ConvertTo-ColbertEmbedding -Document -Model $tiny).Text | Should -Be $texts
    }

    It 'takes any object by the names of its properties' {
        $rows = 'id,answer', '7,Paris', '8,Berlin' | ConvertFrom-Csv
        $embeddings = $rows | ConvertTo-ColbertEmbedding -Document -TextProperty answer -IdProperty id
        $embeddings.Id | Should -Be '7', '8'
        $embeddings.Text | Should -Be 'Paris', 'Berlin'
        $embeddings[1].Source.answer | Should -Be 'Berlin'
    }

    It 'lets a file stand for its content' {
        Set-Content "$TestDrive/note.md" 'Bread rises.' -NoNewline
        (Get-ChildItem "$TestDrive/*.md" | ConvertTo-ColbertEmbedding -Document).Text | Should -Be 'Bread rises.'
    }

    It 'reports a bad text and goes on with the rest' {
        $embeddings = 'good', "half $([char]0xD83D)", 'also good' | ConvertTo-ColbertEmbedding -Document -ErrorVariable problems -ErrorAction SilentlyContinue
        $embeddings.Text | Should -Be 'good', 'also good'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid*'
    }

    It 'ends the work upstream when Select-Object has enough' {
        $fed = [ref] 0
        $first = 1..100000 | ForEach-Object { $fed.Value++; "text $_" } | ConvertTo-ColbertEmbedding -Document -Model $tiny | Select-Object -First 3
        $first.Text | Should -Be 'text 1', 'text 2', 'text 3'
        $fed.Value | Should -BeLessThan 20000
    }

    It 'says verbosely what ran' {
        $seen = ConvertTo-ColbertEmbedding -Document -Model $tiny -Text (1..30 | ForEach-Object { "text $_" }) -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $seen[0].Message | Should -BeLike 'bert-base, FP32*batches planned by length*'
        $seen[-1].Message | Should -BeLike '30 texts gave *texts/s.'
    }

    It 'never prints the numbers unasked' {
        ConvertTo-ColbertEmbedding -Query 'hello' | Out-String | Should -Not -Match '0\.\d{3}'
    }

    It 'gives the token of each row when asked' {
        (ConvertTo-ColbertEmbedding -Document 'Paris rises' -IncludeToken).Tokens | Should -Be '[CLS]', 'paris', 'rises', '[SEP]'
    }

    It 'gives rows by their places, one by one, and as an array of two dimensions' {
        $embedding = ConvertTo-ColbertEmbedding -Document 'Paris rises' -Model $tiny
        $embedding[0] | Should -HaveCount 16
        $embedding[-1] | Should -Be $embedding.Rows[$embedding.TokenCount - 1]
        $embedding[0, 1] | Should -HaveCount 2
        $embedding[0, 1][1] | Should -Be $embedding[1]
        $embedding.Shape | Should -Be $embedding.TokenCount, 16
        @($embedding.Vectors | ForEach-Object { $_.Length }) | Should -Be (@(16) * $embedding.TokenCount)
        $array = [float[,]] $embedding
        $array[1, 3] | Should -Be $embedding[1][3]
        $array.GetLength(0) | Should -Be $embedding.TokenCount
        $embedding.ToArray()[0, 15] | Should -Be $embedding[0][15]
    }

    It 'stays one object in a pipeline, and counts as one' {
        $embedding = 'Paris rises' | ConvertTo-ColbertEmbedding -Document -Model $tiny
        @($embedding).Count | Should -Be 1
        $embedding.Count | Should -Be 1
        ($embedding | ForEach-Object { $_ }).GetType().Name | Should -Be 'ColbertEmbedding'
    }

    It 'is shared safely by parallel runspaces' {
        $model = Import-ColbertModel $tiny
        $psd1 = & "$PSScriptRoot/TestedModule.ps1"
        $counts = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:psd1
            (1..50 | ForEach-Object { "text $_" } | ConvertTo-ColbertEmbedding -Document -Model $using:model).Count
        }
        $counts | Should -Be 50, 50, 50, 50
    }
}

Describe 'Models' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'shows each setting and where it came from' {
        Import-ColbertModel $tiny -QueryLength 16 | Out-Null
        $shown = Get-ColbertModel | Format-List | Out-String -Width 200
        $shown | Should -Match '16.*argument'
        $shown | Should -Match '48.*onnx_config\.json'
    }

    It 'frees a model, and -WhatIf does not' {
        Import-ColbertModel $tiny | Remove-ColbertModel -WhatIf
        Get-ColbertModel | Should -HaveCount 1
        Get-ColbertModel | Remove-ColbertModel
        Get-ColbertModel | Should -BeNullOrEmpty
    }

    It 'names what is missing, and what to do' {
        { Import-ColbertModel "$TestDrive/nowhere" -ErrorAction Stop } | Should -Throw -ErrorId 'ModelNotFound*'
        try { Import-ColbertModel "$TestDrive/nowhere" -ErrorAction Stop } catch { $_.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
    }
}
