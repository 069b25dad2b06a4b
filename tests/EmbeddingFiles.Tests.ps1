# Embeddings as files in a real PowerShell: paths, wildcards, pipelines that end early.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $tiny = "$root/tests/data/onnx/bert-base"
    $embeddings = 'one', 'two words' | ConvertTo-ColbertEmbedding -Document -Model $tiny
}

AfterAll {
    Get-ColbertModel | Remove-ColbertModel
    Remove-Module ColbertOnnx
}

Describe 'Export-ColbertEmbedding and Import-ColbertEmbedding' {
    It 'writes and reads <_>, by paths of PowerShell' -ForEach 'out.npz', 'out.safetensors', 'out.jsonl', 'folder', 'v1.5/' {
        Push-Location TestDrive:\
        try {
            $embeddings | Export-ColbertEmbedding $_
            $read = Import-ColbertEmbedding "TestDrive:\$_"
        }
        finally { Pop-Location }
        $read.Text | Should -Be 'one', 'two words'
        $read[1].Kind | Should -Be 'Document'
        [System.Linq.Enumerable]::SequenceEqual($read[1].Values.ToArray(), $embeddings[1].Values.ToArray()) | Should -BeTrue
    }

    It 'takes wildcards, pipelines of files and literal paths' {
        $folder = (New-Item -ItemType Directory "$TestDrive/many").FullName
        $embeddings[0] | Export-ColbertEmbedding "$folder/a.npz"
        $embeddings[1] | Export-ColbertEmbedding -LiteralPath "$folder/[b].npz"
        (Import-ColbertEmbedding "$folder/*.npz").Text | Sort-Object | Should -Be 'one', 'two words'
        (Get-ChildItem $folder | Import-ColbertEmbedding).Text | Sort-Object | Should -Be 'one', 'two words'
        (Import-ColbertEmbedding -LiteralPath "$folder/[b].npz").Text | Should -Be 'two words'
    }

    It 'reads texts and ids of a table without a header' {
        $embeddings | Export-ColbertEmbedding "$TestDrive/rows.npz"
        Set-Content "$TestDrive/texts.tsv" "q1`tfirst text", "q2`tsecond `"text`""
        $read = Import-ColbertEmbedding "$TestDrive/rows.npz" -TextPath "$TestDrive/texts.tsv" -NoHeader -IdProperty 1 -TextProperty 2
        $read.Text | Should -Be 'first text', 'second "text"'
        $read.Id | Should -Be 'q1', 'q2'
        Set-Content "$TestDrive/texts.csv" 'id;body', 'a;"one; and two"', 'b;three'
        (Import-ColbertEmbedding "$TestDrive/rows.npz" -TextPath "$TestDrive/texts.csv" -Delimiter ';' -TextProperty body).Text | Should -Be 'one; and two', 'three'
        Import-ColbertEmbedding "$TestDrive/rows.npz" -TextPath "$TestDrive/texts.tsv" -NoHeader -IdProperty 3 -TextProperty 2 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].Exception.Message | Should -BeLike '*texts.tsv*no column 3*'
        { Import-ColbertEmbedding "$TestDrive/rows.npz" -Delimiter 'ab' } | Should -Throw -ErrorId 'InputInvalid,*'
    }

    It 'writes nothing with -WhatIf, and shows the file with -PassThru' {
        $embeddings | Export-ColbertEmbedding "$TestDrive/not.npz" -WhatIf
        "$TestDrive/not.npz" | Should -Not -Exist
        ($embeddings | Export-ColbertEmbedding "$TestDrive/shown.npz" -Type Float16 -PassThru).Name | Should -Be 'shown.npz'
    }

    It 'leaves the old file when the pipeline fails' {
        $embeddings | Export-ColbertEmbedding "$TestDrive/old.npz"
        $hash = (Get-FileHash "$TestDrive/old.npz").Hash
        { & { $embeddings[0]; throw 'stop' } | Export-ColbertEmbedding "$TestDrive/old.npz" -Force } | Should -Throw 'stop'
        (Get-FileHash "$TestDrive/old.npz").Hash | Should -Be $hash
        Get-ChildItem $TestDrive -Force -Filter '.old*' | Should -BeNullOrEmpty
    }

    It 'says that a file exists, and appends to it when asked' {
        $embeddings[0] | Export-ColbertEmbedding "$TestDrive/more.safetensors"
        { $embeddings[1] | Export-ColbertEmbedding "$TestDrive/more.safetensors" } | Should -Throw -ErrorId 'OutputExists*'
        $embeddings[1] | Export-ColbertEmbedding "$TestDrive/more.safetensors" -Append
        (Import-ColbertEmbedding "$TestDrive/more.safetensors").Text | Should -Be 'one', 'two words'
    }

    It 'streams: Select-Object ends the reading' {
        1..2000 | ForEach-Object { $embeddings[0] } | Export-ColbertEmbedding "$TestDrive/long.npz"
        Import-ColbertEmbedding "$TestDrive/long.npz" | Select-Object -First 2 | Should -HaveCount 2
        Import-ColbertEmbedding "$TestDrive/long.npz" | Should -HaveCount 2000
    }
}
