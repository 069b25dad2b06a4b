# What only a real PowerShell can show of the scores.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $texts = 'The moon turns around the earth.', 'Bread rises with yeast.', 'A loaf of bread needs flour.', 'Bicycles have two wheels.'
}

AfterAll { Remove-Module ColbertOnnx }

Describe 'Measure-ColbertSimilarity' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'tells a text, which has no properties, to go without -TextProperty' {
        'a', 2.5, ([pscustomobject]@{ Own = 'b' }) | Measure-ColbertSimilarity 'q' -TextProperty foo -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].Exception.Message | Should -Be "A string has no property 'foo'; it is a text itself."
        $problems[0].ErrorDetails.RecommendedAction | Should -Be 'Leave -TextProperty out.'
        $problems[1].ErrorDetails.RecommendedAction | Should -Be 'Leave -TextProperty out.'
        $problems[2].ErrorDetails.RecommendedAction | Should -Be 'Name another property with -TextProperty.'
        ('abc' | Measure-ColbertSimilarity 'q' -TextProperty Length).Text | Should -Be '3'
    }

    It 'ranks what comes through the pipeline' {
        $ranked = $texts | Measure-ColbertSimilarity 'how is bread made' -Top 2
        $ranked | ForEach-Object Rank | Should -Be 1, 2
        $ranked.Text | Should -BeLike '*bread*'
        $ranked[0].Score | Should -BeGreaterThan $ranked[1].Score
        $ranked[0].Matches.QueryToken | Should -Contain 'bread'
    }

    It 'gives the same for texts, embeddings and arguments' {
        $query = ConvertTo-ColbertEmbedding -Query 'how is bread made'
        $documents = $texts | ConvertTo-ColbertEmbedding -Document
        $expected = $texts | Measure-ColbertSimilarity 'how is bread made'
        foreach ($ranked in @(, ($documents | Measure-ColbertSimilarity $query)), @(, (Measure-ColbertSimilarity $query $documents)), @(, (Measure-ColbertSimilarity $query $texts))) {
            $ranked.Index | Should -Be $expected.Index
            $ranked.Score | Should -Be $expected.Score
        }
        ($documents | Measure-ColbertSimilarity $query -Model (Get-ColbertModel))[0].Matches.DocumentToken | Should -Contain 'bread'
    }

    It 'takes files and rows of tables' {
        Set-Content "$TestDrive/a.md" $texts[0]
        Set-Content "$TestDrive/b.md" $texts[1]
        (Get-ChildItem "$TestDrive/*.md" | Measure-ColbertSimilarity 'bread' -Top 1).Id | Should -Be (Join-Path $TestDrive 'b.md')
        $rows = 'id,answer', '7,The moon', '8,Bread rises' | ConvertFrom-Csv
        (($rows | Measure-ColbertSimilarity 'bread' -TextProperty answer -IdProperty id)[0]).Document.Source.id | Should -Be '8'
    }

    It 'lets early scores leave while late documents still come' {
        $documents = $texts | ConvertTo-ColbertEmbedding -Document
        $fed = [ref] 0
        $first = 1..20000 | ForEach-Object { $fed.Value++; $documents[$_ % 4] } | Measure-ColbertSimilarity (ConvertTo-ColbertEmbedding -Query 'bread') -Unranked | Select-Object -First 3
        $first.Index | Should -Be 0, 1, 2
        $fed.Value | Should -BeLessThan 10000
    }

    It 'says which document is not a document and goes on' {
        $query = ConvertTo-ColbertEmbedding -Query 'bread'
        $ranked = $texts[0], $query, $texts[1] | Measure-ColbertSimilarity $query -ErrorVariable problems -ErrorAction SilentlyContinue
        $ranked | Should -HaveCount 2
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid*'
        $problems[0].TargetObject.Kind | Should -Be 'Query'
        { $texts | Measure-ColbertSimilarity ($texts[0] | ConvertTo-ColbertEmbedding -Document) } | Should -Throw -ErrorId 'InputInvalid*'
    }

    It 'shows a table for each query' {
        $shown = $texts | Measure-ColbertSimilarity 'bread', 'moon' -Top 1 | Out-String -Width 120
        $shown | Should -Match 'Query: bread'
        $shown | Should -Match 'Query: moon'
        $shown | Should -Match '1 +\d+\.\d{4}'
        ($texts | Measure-ColbertSimilarity 'bread' -Top 1).Matches | Out-String | Should -Match 'QueryToken +Cosine'
        $texts | Measure-ColbertSimilarity 'bread' -Top 1 | Format-List | Out-String -Width 200 | Should -Match 'Matches.*bread = Bread \(0\.\d{3}\)'
    }
}

Describe 'Export-ColbertHeatmap' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'draws what the ranking gave' {
        $file = $texts | Measure-ColbertSimilarity 'how is bread made' -Top 2 | Export-ColbertHeatmap "$TestDrive/bread.html" -PassThru
        $file.Name | Should -Be 'bread.html'
        (Select-String '<div class="map"' $file -AllMatches).Matches | Should -HaveCount 2
    }

    It 'draws a pair of texts, in a file of the current location' {
        Push-Location $TestDrive
        try {
            Export-ColbertHeatmap pair.svg -Query 'bread' -Document $texts[1]
            ([xml](Get-Content pair.svg -Raw)).svg.text.'#text' | Should -Contain 'Bread'
            { Export-ColbertHeatmap pair.svg -Query 'bread' -Document $texts[1] } | Should -Throw -ErrorId 'OutputExists*'
            Export-ColbertHeatmap -LiteralPath pair.svg -Query (ConvertTo-ColbertEmbedding -Query 'bread') -Document ($texts | ConvertTo-ColbertEmbedding -Document)[1] -Force
        }
        finally { Pop-Location }
    }

    It 'writes nothing with -WhatIf' {
        Export-ColbertHeatmap "$TestDrive/none.svg" -Query 'bread' -Document $texts[1] -WhatIf
        "$TestDrive/none.svg" | Should -Not -Exist
    }
}
