# What only a shell shows of Test-ColbertParity and New-ColbertReference.
BeforeDiscovery {
    $references = (Get-Content "$PSScriptRoot/data/errors.json" -Raw | ConvertFrom-Json -AsHashtable).references
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $model = "$root/tests/data/onnx/bert-base"
    $stored = "$root/tests/data/references/bert-base.safetensors"

    # The reference of a case, there or not.
    function New-BrokenReference([hashtable] $Case, [string] $Folder) {
        if ($Case.copy) { Copy-Item "$root/tests/data/references/*" $Folder }
        foreach ($file in $Case.files.Keys) { [IO.File]::WriteAllText("$Folder/$file", $Case.files[$file]) }
        foreach ($file in $Case['remove']) { Remove-Item "$Folder/$file" }
        foreach ($file in $Case.cut.Keys) { [IO.File]::WriteAllBytes("$Folder/$file", [IO.File]::ReadAllBytes("$Folder/$file")[0..($Case.cut[$file] - 1)]) }
        foreach ($file in $Case.replace.Keys) {
            $content = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$Folder/$file"))
            [IO.File]::WriteAllBytes("$Folder/$file", [Text.Encoding]::Latin1.GetBytes($content.Replace($Case.replace[$file][0], $Case.replace[$file][1])))
        }
        foreach ($file in $Case.bytes.Keys) {
            $content = [IO.File]::ReadAllBytes("$Folder/$file")
            $at, $values = $Case.bytes[$file]
            foreach ($value in $values) { $content[$at++] = $value }
            [IO.File]::WriteAllBytes("$Folder/$file", $content)
        }
        "$Folder/$($Case.file)"
    }
}

AfterAll { Get-ColbertModel | Remove-ColbertModel }

Describe 'Test-ColbertParity: <name>' -ForEach $references {
    It 'is <error>, with the place and what to do' {
        $path = New-BrokenReference $_ (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $record = $null
        try { Test-ColbertParity $path -Model $model } catch { $record = $_ }
        $record.FullyQualifiedErrorId | Should -BeLike "$error,*"
        foreach ($part in $names) { $record.Exception.Message.Contains($part) | Should -BeTrue -Because "'$($record.Exception.Message)' should name '$part'" }
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $record.TargetObject | Should -Not -BeNullOrEmpty
    }
}

Describe 'Test-ColbertParity' {
    It 'reads the texts of a reference from a table without a header' {
        'bread', 'butter' | ConvertTo-ColbertEmbedding -Document -Model $model | Export-ColbertEmbedding "$TestDrive/rows.npz"
        Set-Content "$TestDrive/texts.tsv" "1`tbread", "2`tbutter"
        Test-ColbertParity "$TestDrive/rows.npz" -ReferenceText "$TestDrive/texts.tsv" -NoHeader -TextProperty 2 -Model $model -Quiet | Should -BeTrue
        Set-Content "$TestDrive/texts.csv" 'id;body', '1;"bread"', '2;butter'
        Test-ColbertParity "$TestDrive/rows.npz" -ReferenceText "$TestDrive/texts.csv" -Delimiter ';' -TextProperty body -Model $model -Quiet | Should -BeTrue
        { Test-ColbertParity "$TestDrive/rows.npz" -ReferenceText "$TestDrive/texts.tsv" -Model $model } | Should -Throw '*texts.tsv*no column ''text''*'
    }

    It 'gives one object that a table shows in one line' {
        $parity = Test-ColbertParity $stored -Model $model
        $parity.PSTypeNames[0] | Should -Be 'ColbertOnnx.Diagnostics.ColbertParity'
        $parity.Passed | Should -BeTrue
        ($parity | Out-String -Width 150).Trim() | Should -Match '(?s)^Passed.*True\s+bert-base\s+bert-base.json\s+22\s+0\s+1.000000'
        $list = $parity | Format-List | Out-String
        $list | Should -Match 'Thresholds\s+: cosine 0.9999, mean 0.9999, difference 0.0001'
    }

    It 'a miss is a non-terminating error that holds the result' {
        $small = Import-ColbertModel $model -DocumentLength 20
        $parity = Test-ColbertParity $stored -Model $small -ErrorVariable problems -ErrorAction SilentlyContinue
        $parity.Passed | Should -BeFalse
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ParityMissed,*'
        $problems[0].CategoryInfo.Category | Should -Be 'LimitsExceeded'
        $problems[0].TargetObject | Should -Be $parity
        $parity.Worst[0].Explanation | Should -BeLike '*cut here at 20 tokens*'
        Test-ColbertParity $stored -Model $small -Quiet -ErrorAction Stop | Should -BeFalse
    }

    It 'streams each text with -Detailed' {
        Get-ColbertModel | Remove-ColbertModel
        $texts = Test-ColbertParity $stored -Model $model -Detailed
        $texts | Should -HaveCount 22
        (Test-ColbertParity $stored -Model $model -Detailed | Select-Object -First 2).Number | Should -Be 1, 2
    }

    It 'compares with another model over the pipeline, and reads relative paths' {
        $int8 = Import-ColbertModel $model -Quantized
        Push-Location $TestDrive
        try {
            $parity = 'one', 'two words' | Test-ColbertParity -Model $int8 -ReferenceModel $model -Query 'what' -ReportPath page.html -Tolerance 1 -MinimumCosine 0 -MinimumMeanCosine 0
            $parity.Texts | Should -Be 3
            'page.html' | Should -Exist
            Test-ColbertParity $stored -Model $model -ReportPath other.html -WhatIf | Out-Null
            'other.html' | Should -Not -Exist
        }
        finally { Pop-Location }
    }
}

Describe 'New-ColbertReference' {
    It 'writes what Test-ColbertParity passes to the last bit, and asks first' {
        New-ColbertReference "$TestDrive/pin.safetensors" -Model $model -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/pin.safetensors" | Should -Not -Exist
        $files = 'one', 'two words' | New-ColbertReference "$TestDrive/pin.safetensors" -Model $model -Query 'what is it'
        $files.Name | Should -Be 'pin.safetensors', 'pin.json'
        Test-ColbertParity "$TestDrive/pin.json" -Model $model -Tolerance 0 -Quiet | Should -BeTrue
        { New-ColbertReference "$TestDrive/pin.safetensors" -Model $model -ErrorAction Stop } | Should -Throw -ErrorId 'OutputExists,*'
        (New-ColbertReference "$TestDrive/pin.safetensors" -Model $model -Force)[0].Length | Should -BeGreaterThan 10000
    }
}
