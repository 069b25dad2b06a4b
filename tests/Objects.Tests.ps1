# Objects of the pipeline in a real PowerShell: properties that throw, dates and other values, and embeddings that come back from other sessions.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    $manifest = & "$PSScriptRoot/TestedModule.ps1"
    Import-Module $manifest -Force
    $tiny = "$root/tests/data/onnx/bert-base"
}

AfterAll {
    Get-ColbertModel | Remove-ColbertModel
    Remove-Module ColbertOnnx
}

Describe 'An object that throws' {
    BeforeAll {
        class ThrowingFormat : System.IFormattable { [string] ToString([string] $Format, [System.IFormatProvider] $Provider) { throw 'boom' } }
        class ThrowingText { [string] ToString() { throw 'boom' } }
        Add-Type 'namespace ColbertTest { public class Throwing { public string Text => throw new System.InvalidOperationException("boom"); public override string ToString() => throw new System.InvalidOperationException("boom"); } }'
        Add-Type 'namespace ColbertTest { public static class Code { public static object Read(System.Management.Automation.PSObject item) => throw new System.InvalidOperationException("boom"); } }' -ReferencedAssemblies System.Management.Automation

        function New-Item-That-Throws([string] $How) {
            switch ($How) {
                'script property' { [pscustomobject]@{ x = 1 } | Add-Member ScriptProperty Text { throw 'boom' } -PassThru }
                'code property' {
                    $item = [pscustomobject]@{ x = 1 }
                    $item.PSObject.Properties.Add([System.Management.Automation.PSCodeProperty]::new('Text', [ColbertTest.Code].GetMethod('Read')))
                    $item
                }
                'property of a class' { [ColbertTest.Throwing]::new() }
                'format' { [pscustomobject]@{ Text = [ThrowingFormat]::new() } }
                'ToString' { [pscustomobject]@{ Text = [ThrowingText]::new() } }
                'id' { [pscustomobject]@{ Text = 'fine' } | Add-Member ScriptProperty Id { throw 'boom' } -PassThru }
                'dictionary' {
                    $item = [System.Collections.Specialized.OrderedDictionary]::new()
                    $item['Text'] = [ThrowingFormat]::new()
                    , $item
                }
            }
        }

        $good = [pscustomobject]@{ Text = 'good'; Id = 'g' }
    }

    It 'by its <_> is an error of its own for ConvertTo-ColbertEmbedding, and the rest goes on' -ForEach 'script property', 'code property', 'property of a class', 'format', 'ToString', 'id', 'dictionary' {
        $bad = New-Item-That-Throws $_
        $results = @(& { $good; , $bad; $good } | ConvertTo-ColbertEmbedding -Document -Model $tiny -ErrorVariable problems -ErrorAction SilentlyContinue)
        $results.Text | Should -Be 'good', 'good'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        { $problems[0] | Out-String } | Should -Not -Throw
    }

    It 'by its <_> is an error of its own for Measure-ColbertSimilarity' -ForEach 'script property', 'code property', 'property of a class', 'format', 'id', 'dictionary' {
        $bad = New-Item-That-Throws $_
        $results = @(& { $good; , $bad; $good } | Measure-ColbertSimilarity 'good' -Model $tiny -ErrorVariable problems -ErrorAction SilentlyContinue)
        $results.Text | Should -Be 'good', 'good'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
    }

    It 'in the properties that -TextProperty and -IdProperty name: <_>' -ForEach 'TextProperty', 'IdProperty' {
        $bad = [pscustomobject]@{ Text = 'bad' } | Add-Member ScriptProperty Own { throw 'boom' } -PassThru
        $other = [pscustomobject]@{ Text = 'good'; Own = 'own' }
        $arguments = @{ $_ = 'Own' }
        $results = @($other, $bad, $other | ConvertTo-ColbertEmbedding -Document -Model $tiny @arguments -ErrorVariable problems -ErrorAction SilentlyContinue)
        $results | Should -HaveCount 2
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        $problems[0].Exception.Message | Should -BeLike "*'Own'*boom*"
        @($other, $bad, $other | Measure-ColbertSimilarity 'good' -Model $tiny @arguments -ErrorAction SilentlyContinue) | Should -HaveCount 2
    }

    It 'is an error of its own for ConvertTo-ColbertToken and Test-ColbertParity, and ends a reference' {
        $bad = New-Item-That-Throws 'script property'
        ($good, $bad, $good | ConvertTo-ColbertToken -Model $tiny -ErrorVariable problems -ErrorAction SilentlyContinue).Text | Should -Be 'good', 'good'
        $problems.FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        Copy-Item $tiny "$TestDrive/copy" -Recurse
        $parity = $good, $bad, $good | Test-ColbertParity -ReferenceModel "$TestDrive/copy" -Model $tiny -ErrorVariable problems -ErrorAction SilentlyContinue
        $parity.Texts | Should -Be 2
        $problems.FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        { $good, $bad | New-ColbertReference "$TestDrive/reference.json" -Model $tiny } | Should -Throw -ErrorId 'InputInvalid,*'
        (Get-ChildItem $TestDrive -Force -Filter '*reference*') | Should -BeNullOrEmpty
    }

    It 'is an error of its own for Measure-ColbertThroughput' {
        $bad = New-Item-That-Throws 'script property'
        $result = $good, $bad, $good | Measure-ColbertThroughput -Model $tiny -Repeat 1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $result.Texts.Count | Should -Be 2
        $problems.FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        $result | Out-String -Width 80 | Should -Match 'Weights +Sessions .* Peak MB'
    }
}

Describe 'Dates and other values as texts and ids' {
    BeforeAll { $before = [cultureinfo]::CurrentCulture }

    AfterEach { [cultureinfo]::CurrentCulture = $before }

    It 'are written in <_> as anywhere' -ForEach 'en-US', 'de-DE', 'tr-TR', 'ar-SA', 'fa-IR' {
        [cultureinfo]::CurrentCulture = $_
        $values = @(
            @{ Value = [datetime]::new(2024, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); Text = '2024-01-02T03:04:05Z' }
            @{ Value = [datetime]::new(2024, 1, 2, 3, 4, 5); Text = '2024-01-02T03:04:05' }
            @{ Value = [datetime]::new(2024, 1, 2, 3, 4, 5, 670, [DateTimeKind]::Utc); Text = '2024-01-02T03:04:05.67Z' }
            @{ Value = [DateTimeOffset]::new(2024, 1, 2, 3, 4, 5, [timespan]::FromHours(-3.5)); Text = '2024-01-02T03:04:05-03:30' }
            @{ Value = [DateOnly]::new(2024, 1, 2); Text = '2024-01-02' }
            @{ Value = [TimeOnly]::new(3, 4, 5); Text = '03:04:05' }
            @{ Value = [timespan]::new(1, 2, 3, 4); Text = '1.02:03:04' }
            @{ Value = [guid] 'aabbccdd-0011-2233-4455-66778899aabb'; Text = 'aabbccdd-0011-2233-4455-66778899aabb' }
            @{ Value = [DayOfWeek]::Friday; Text = 'Friday' }
            @{ Value = 1234567.5; Text = '1234567.5' }
            @{ Value = -0.1; Text = '-0.1' }
            @{ Value = [decimal]::Parse('1.50', [cultureinfo]::InvariantCulture); Text = '1.50' }
            @{ Value = [long]::MinValue; Text = '-9223372036854775808' }
            @{ Value = [bigint]::Parse('123456789012345678901234567890'); Text = '123456789012345678901234567890' }
            @{ Value = $true; Text = 'True' }
            @{ Value = [version] '1.2.3'; Text = '1.2.3' }
            @{ Value = [uri] 'https://example.com/a%20b?q=1'; Text = 'https://example.com/a%20b?q=1' }
            @{ Value = [char] 'I'; Text = 'I' }
        )
        foreach ($case in $values) {
            $objects = [pscustomobject]@{ Id = $case.Value; Text = $case.Value }, @{ id = $case.Value; text = $case.Value }, [pscustomobject]@{ Own = $case.Value; Text = $case.Value }
            foreach ($object in $objects) {
                $id = $object.PSObject.Properties['Own'] ? @{ IdProperty = 'Own' } : @{}
                $embedding = $object | ConvertTo-ColbertEmbedding -Document -Model $tiny @id
                $embedding.Text | Should -BeExactly $case.Text
                $embedding.Id | Should -BeExactly $case.Text
            }
            ([pscustomobject]@{ Text = $case.Value } | ConvertTo-ColbertToken -Model $tiny).Text | Should -BeExactly $case.Text
        }
        # Without an object around them too.
        ([datetime]::new(2024, 1, 2, 3, 4, 5, [DateTimeKind]::Utc) | ConvertTo-ColbertEmbedding -Document -Model $tiny).Text | Should -BeExactly '2024-01-02T03:04:05Z'
    }

    It 'come through ConvertFrom-Json as they stand in the file' {
        $lines = '{"id":"2024-01-02T03:04:05Z","text":"2024-01-02T03:04:05Z"}', '{"id":2,"text":"31/12/2024"}', '{"id":1.5,"text":"2024-01-02T03:04:05.123"}'
        $embeddings = $lines | ConvertFrom-Json | ConvertTo-ColbertEmbedding -Document -Model $tiny
        $embeddings.Text | Should -Be '2024-01-02T03:04:05Z', '31/12/2024', '2024-01-02T03:04:05.123'
        $embeddings.Id | Should -Be '2024-01-02T03:04:05Z', '2', '1.5'
    }
}

Describe 'Embeddings that come back' {
    BeforeAll {
        $texts = [pscustomobject]@{ Id = 'a'; Text = 'Bread rises because yeast makes gas.' }, [pscustomobject]@{ Id = 'b'; Text = 'The moon 😀 pulls the sea.' }
        $documents = @($texts | ConvertTo-ColbertEmbedding -Document -IncludeToken -Model $tiny)
        $query = ConvertTo-ColbertEmbedding -Query 'why does bread rise?' -Model $tiny
        $documents | Export-Clixml "$TestDrive/documents.xml"
        $query | Export-Clixml "$TestDrive/query.xml"
        $returned = @{ 'Export-Clixml' = @(Import-Clixml "$TestDrive/documents.xml"), (Import-Clixml "$TestDrive/query.xml") }
        $job = Start-Job {
            Import-Module $using:manifest
            $texts = [pscustomobject]@{ Id = 'a'; Text = 'Bread rises because yeast makes gas.' }, [pscustomobject]@{ Id = 'b'; Text = "The moon $([char]::ConvertFromUtf32(0x1F600)) pulls the sea." }
            $texts | ConvertTo-ColbertEmbedding -Document -IncludeToken -Model $using:tiny
            ConvertTo-ColbertEmbedding -Query 'why does bread rise?' -Model $using:tiny
        }
        $fromJob = @($job | Wait-Job -Timeout 300 | Receive-Job)
        $job | Remove-Job -Force
        $returned['Start-Job'] = $fromJob[0..1], $fromJob[2]
        Get-ColbertModel | Remove-ColbertModel
        function Get-Bits($Embedding) { [Convert]::ToHexString($Embedding.ValueBytes) }
    }

    It 'from <_> are scored as they were, without a model' -ForEach 'Export-Clixml', 'Start-Job' {
        $back, $asked = $returned[$_]
        $back[0].PSObject.TypeNames[0] | Should -Be 'Deserialized.ColbertOnnx.ColbertEmbedding'
        $expected = $documents | Measure-ColbertSimilarity $query
        foreach ($found in ($back | Measure-ColbertSimilarity $asked), (Measure-ColbertSimilarity $asked -Document $back), ($back | Measure-ColbertSimilarity $query), ($documents | Measure-ColbertSimilarity $asked)) {
            $found.Score | Should -Be $expected.Score
            $found.Id | Should -Be $expected.Id
            $found.Text | Should -Be $expected.Text
            $found.Matches.DocumentToken | Should -Be $expected.Matches.DocumentToken
        }
        ($back | Measure-ColbertSimilarity $asked -Unranked).Document | ForEach-Object -Begin { $i = 0 } {
            Get-Bits $_ | Should -BeExactly (Get-Bits $documents[$i])
            $_.GetType().FullName | Should -Be 'ColbertOnnx.ColbertEmbedding'
            $_.Kind | Should -Be 'Document'
            $_.ModelId | Should -Be $documents[$i].ModelId
            $_.ModelId | Should -Not -BeNullOrEmpty
            $_.TokenIds | Should -Be $documents[$i].TokenIds
            $_.Tokens | Should -Be $documents[$i].Tokens
            "$($_.TokenOffsets)" | Should -Be "$($documents[$i].TokenOffsets)"
            $_.IsTruncated | Should -BeFalse
            $_.Source.Text | Should -Be $documents[$i++].Text
        }
        Get-ColbertModel | Should -BeNullOrEmpty
    }

    It 'from <_> are written by Export-ColbertEmbedding as they were' -ForEach 'Export-Clixml', 'Start-Job' {
        $back, $asked = $returned[$_]
        $documents | Export-ColbertEmbedding "$TestDrive/live.npz" -Force
        $back | Export-ColbertEmbedding "$TestDrive/back.npz" -Force
        Export-ColbertEmbedding "$TestDrive/argument.npz" -InputObject $back -Force
        (Get-FileHash "$TestDrive/back.npz").Hash | Should -Be (Get-FileHash "$TestDrive/live.npz").Hash
        (Get-FileHash "$TestDrive/argument.npz").Hash | Should -Be (Get-FileHash "$TestDrive/live.npz").Hash
    }

    It 'from <_> are drawn by Export-ColbertHeatmap as they were' -ForEach 'Export-Clixml', 'Start-Job' {
        $back, $asked = $returned[$_]
        Export-ColbertHeatmap "$TestDrive/live.svg" -Query $query -Document $documents[0] -Model $tiny -Force
        Export-ColbertHeatmap "$TestDrive/back.svg" -Query $asked -Document $back[0] -Model $tiny -Force
        (Get-FileHash "$TestDrive/back.svg").Hash | Should -Be (Get-FileHash "$TestDrive/live.svg").Hash
    }

    It 'are shown in a line, as the others' {
        $back, $null = $returned['Export-Clixml']
        # Widths by all rows, however slowly they come.
        ($back | Format-Table -AutoSize | Out-String -Width 200) | Should -Be ($documents | Format-Table -AutoSize | Out-String -Width 200)
    }

    It 'without their rows are refused, and never encoded again' {
        $back, $asked = $returned['Export-Clixml']
        $documents[0] | Export-Clixml "$TestDrive/one.xml"
        $whole = Get-Content "$TestDrive/one.xml" -Raw
        foreach ($part in '<BA N="ValueBytes">.*?</BA>', '<I32 N="Dimension">.*?</I32>', '<Obj N="Kind".*?</Obj>') {
            $whole | Should -Match "(?s)$part"
            Set-Content "$TestDrive/bare.xml" ($whole -replace "(?s)$part")
            $bare = Import-Clixml "$TestDrive/bare.xml"
            $results = @($documents[1], $bare | Measure-ColbertSimilarity $query -ErrorVariable problems -ErrorAction SilentlyContinue)
            $results.Id | Should -Be 'b'
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*Export-ColbertEmbedding*'
            { $documents | Measure-ColbertSimilarity $bare } | Should -Throw -ErrorId 'InputInvalid,*'
            { $bare | Export-ColbertEmbedding "$TestDrive/none.npz" -ErrorAction Stop } | Should -Throw '*without its token vectors*'
            { Export-ColbertHeatmap "$TestDrive/none.svg" -Query $query -Document $bare -Model $tiny } | Should -Throw -ErrorId 'InputInvalid,*'
        }
        Get-ColbertModel | Should -BeNullOrEmpty
    }
}
