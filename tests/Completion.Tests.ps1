# What the Tab key offers. It asks nobody: neither the hub nor a model.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force

    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}

AfterAll { Remove-Module ColbertOnnx }

Describe 'Completion of models' {
    BeforeAll {
        $before = $env:HF_HUB_CACHE
        $env:HF_HUB_CACHE = "$TestDrive/hub"
        $null = New-Item -ItemType Directory "$TestDrive/hub/models--owner--some-colbert/snapshots/1", "$TestDrive/hub/models--owner--begun", "$TestDrive/hub/datasets--owner--texts/snapshots"
        $null = New-Item -ItemType Directory "$TestDrive/models/mine", "$TestDrive/models/with blank"
        Set-Content "$TestDrive/models/note.txt" 'no model'
        Push-Location $TestDrive
    }

    AfterAll {
        Pop-Location
        $env:HF_HUB_CACHE = $before
        Get-ColbertModel | Remove-ColbertModel
    }

    It 'offers the open models, the embedded one, those of the hub''s cache, and folders' {
        $null = Import-ColbertModel "$root/tests/data/onnx/bert-base"
        $offered = (Complete 'ConvertTo-ColbertEmbedding -Query x -Model ').CompletionText
        $offered | Select-Object -First 3 | Should -Be 'bert-base', 'minilm-l6-colbert-96', 'owner/some-colbert'
        $offered | Should -Contain './models'
        $offered | Should -Not -Contain 'owner/begun'
        $offered | Should -Not -Contain 'bert-cased'
    }

    It 'offers by the beginning of a name, and nothing but folders for the beginning of a path' {
        (Complete 'ConvertTo-ColbertToken -Model MINI').CompletionText | Should -Be 'minilm-l6-colbert-96'
        (Complete 'Import-ColbertModel owner/').CompletionText | Should -Be 'owner/some-colbert'
        (Complete 'Export-ColbertModel owner/s').CompletionText | Should -Be 'owner/some-colbert'
        (Complete 'Import-ColbertModel ./models/').CompletionText | Should -Be './models/mine', "'./models/with blank'"
    }

    It 'offers no embedded model where a checkpoint is wanted, and no open one where a model is opened' {
        $null = Import-ColbertModel "$root/tests/data/onnx/bert-base"
        (Complete 'Export-ColbertModel mini').CompletionText | Should -BeNullOrEmpty
        (Complete 'Import-ColbertModel bert').CompletionText | Should -BeNullOrEmpty
    }

    It 'offers open models to those who close them' {
        $null = Import-ColbertModel "$root/tests/data/onnx/bert-base"
        $match = Complete 'Remove-ColbertModel be'
        $match.CompletionText | Should -Be 'bert-base'
        $match.ToolTip | Should -BeLike '*onnx?bert-base'
        (Complete 'Get-ColbertModel ').CompletionText | Should -Contain 'bert-base'
    }

    It 'is silent where a variable of the hub is wrong' {
        $endpoint = $env:HF_ENDPOINT
        try {
            $env:HF_ENDPOINT = 'nonsense'
            (Complete 'Import-ColbertModel mini').CompletionText | Should -Be 'minilm-l6-colbert-96'
        }
        finally { $env:HF_ENDPOINT = $endpoint }
    }
}

Describe 'Completion of properties' {
    BeforeAll {
        Set-Content "$TestDrive/faq.csv" 'id,answer,the title', '7,Paris,x', '8,Berlin,y'
        Set-Content "$TestDrive/faq.tsv" "key`tbody", "7`tParis"
        Set-Content "$TestDrive/faq.jsonl" '{"url":"a","passage":"b"}', '{"url":"c","passage":"d"}'
        Push-Location $TestDrive
    }

    AfterAll { Pop-Location }

    It 'offers the columns of the file that is read' {
        (Complete 'Import-Csv faq.csv | ConvertTo-ColbertEmbedding -Document -TextProperty ').CompletionText | Should -Be 'id', 'answer', "'the title'"
        (Complete 'Import-Csv -LiteralPath ./faq.tsv -Delimiter "`t" | ConvertTo-ColbertEmbedding -IdProperty k').CompletionText | Should -Be 'key'
        (Complete 'Get-Content faq.jsonl | ConvertFrom-Json | ConvertTo-ColbertToken -TextProperty ').CompletionText | Should -Be 'url', 'passage'
        (Complete 'gc faq.csv | ConvertFrom-Csv | Measure-ColbertThroughput -TextProperty a').CompletionText | Should -Be 'answer'
    }

    It 'offers what PowerShell infers of commands and variables' {
        (Complete 'Get-ChildItem | ConvertTo-ColbertEmbedding -Document -IdProperty FullN').CompletionText | Should -Be 'FullName'
        $global:completionRows = [pscustomobject]@{ Headline = 'x'; Story = 'y' }
        (Complete '$completionRows | ConvertTo-ColbertEmbedding -Document -TextProperty ').CompletionText | Should -Contain 'Story'
    }

    It 'runs nothing that could do more than read' {
        $null = Complete "Get-Content (New-Item '$TestDrive/made') | ConvertFrom-Csv | ConvertTo-ColbertEmbedding -TextProperty "
        $null = Complete "Set-Content '$TestDrive/made' x -PassThru | ConvertTo-ColbertEmbedding -TextProperty "
        "$TestDrive/made" | Should -Not -Exist
    }

    It 'offers usual names where nobody knows' {
        (Complete '$nobodyKnows | ConvertTo-ColbertEmbedding -TextProperty B').CompletionText | Should -Be 'Body'
        (Complete 'ConvertTo-ColbertEmbedding -IdProperty I').CompletionText | Should -Be 'Id'
        foreach ($ErrorActionPreference in 'Continue', 'Stop') {
            (Complete 'Import-Csv nowhere.csv | ConvertTo-ColbertEmbedding -TextProperty Te').CompletionText | Should -Be 'Text'
        }
    }
}

Describe 'Completion of files' {
    It 'offers files for paths' {
        Set-Content "$TestDrive/corpus.txt" 'x'
        Push-Location $TestDrive
        try { (Complete 'ConvertTo-ColbertEmbedding -Document -Path corp').CompletionText | Should -Be './corpus.txt' }
        finally { Pop-Location }
    }

    It 'offers the values of an enumeration' {
        (Complete 'Import-ColbertModel -QueryExpansion ').CompletionText | Should -Be 'Attend', 'Off', 'On'
    }
}
