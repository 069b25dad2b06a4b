# tests/data/errors.json, which xunit runs too.
BeforeDiscovery {
    $table = Get-Content "$PSScriptRoot/data/errors.json" -Raw | ConvertFrom-Json -AsHashtable
    $models = $table.models
    $checkpoints = $table.checkpoints
    $baselines = $table.baselines
    $runs = $table.runs
    $providers = $table.providers
    $embeddings = $table.embeddings
    $bad = $table.inputs | Where-Object { $_.file -like '*.txt' }
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    . "$PSScriptRoot/Shell.ps1"
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force

    # The broken folder of a case.
    function New-BrokenModel([hashtable] $Model, [string] $Folder, [string] $Source = 'onnx/bert-base') {
        if ($Model.missing) { return Join-Path $Folder 'missing' }
        Copy-Item "$root/tests/data/$Source/*" $Folder -Recurse
        foreach ($file in $Model['remove']) { Remove-Item "$Folder/$file" }
        foreach ($file in $Model.cut.Keys) { [IO.File]::WriteAllBytes("$Folder/$file", [IO.File]::ReadAllBytes("$Folder/$file")[0..($Model.cut[$file] - 1)]) }
        foreach ($file in $Model.write.Keys) { [IO.File]::WriteAllText("$Folder/$file", $Model.write[$file]) }
        foreach ($file in $Model.replace.Keys) {
            $content = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes("$Folder/$file"))
            [IO.File]::WriteAllBytes("$Folder/$file", [Text.Encoding]::Latin1.GetBytes($content.Replace($Model.replace[$file][0], $Model.replace[$file][1])))
        }
        $Folder
    }
}

Describe 'Import-ColbertModel: <name>' -ForEach $models {
    It 'is <error>, with the file and what to do' {
        $folder = New-BrokenModel $_.model (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        Import-ColbertModel -LiteralPath $folder -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $record = $problems[0]
        $record.FullyQualifiedErrorId | Should -BeLike "$error,*"
        foreach ($part in $names) { $record.Exception.Message | Should -BeLike "*$part*" }
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $record.TargetObject | Should -Not -BeNullOrEmpty
        Get-ColbertModel | Should -BeNullOrEmpty
    }
}

Describe 'Export-ColbertModel: <name>' -ForEach $checkpoints {
    It 'is <error>, with the file and what to do, and nothing is written' {
        $folder = New-BrokenModel $_.model (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName 'pylate/bert-base'
        $target = "$TestDrive/$(New-Guid)"
        Export-ColbertModel -LiteralPath $folder -Destination $target -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$error,*"
        foreach ($part in $names) { $problems[0].Exception.Message | Should -BeLike "*$part*" }
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $target | Should -Not -Exist
    }
}

Describe 'ConvertTo-ColbertEmbedding: <name>' -ForEach $bad {
    It 'is <error>, and the good file beside it is encoded' {
        if ($latin1) { [IO.File]::WriteAllBytes("$TestDrive/$file", [Text.Encoding]::Latin1.GetBytes($latin1)) }
        Set-Content "$TestDrive/good.md" 'good' -NoNewline
        $embeddings = ConvertTo-ColbertEmbedding -Document -LiteralPath "$TestDrive/$file", "$TestDrive/good.md" -Model "$root/tests/data/onnx/bert-base" -ErrorVariable problems -ErrorAction SilentlyContinue
        $embeddings.Text | Should -Be 'good'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$error,*"
        $problems[0].Exception.Message | Should -BeLike "*$file*"
    }

    AfterAll { Get-ColbertModel | Remove-ColbertModel }
}

Describe 'A run: <name>' -ForEach $runs {
    BeforeAll {
        $folder = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        foreach ($file in $_.write.Keys) { $null = New-Item -Force "$folder/$file" -Value $_.write[$file] }
        foreach ($file in $_.repeat.Keys) { [IO.File]::WriteAllText("$folder/$file", $_.repeat[$file][0] * $_.repeat[$file][1]) }
        function Expand-Place([string] $Text) { $Text.Replace('{folder}', $folder).Replace('{model}', "$root/tests/data/onnx/bert-base").Replace('{checkpoint}', "$root/tests/data/pylate/bert-base") }
    }

    AfterAll { Get-ColbertModel | Remove-ColbertModel }

    It 'is <error>, with what it is about and what to do' {
        $code = "`$ErrorActionPreference = 'Stop'; try { `$null = $(Expand-Place $script) } catch { [pscustomobject]@{ Id = `$_.FullyQualifiedErrorId; Message = `$_.Exception.Message; Action = `$_.ErrorDetails.RecommendedAction } }"
        if ($variables) {
            # What is read once in a process needs one of its own.
            $before = @{}
            foreach ($name in $variables.Keys) { $before[$name] = [Environment]::GetEnvironmentVariable($name); [Environment]::SetEnvironmentVariable($name, (Expand-Place $variables[$name])) }
            try { $problem = Invoke-PowerShell -Command "Import-Module '$(& "$PSScriptRoot/TestedModule.ps1")'; & { $code } | ConvertTo-Json" | Out-String | ConvertFrom-Json }
            finally { foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
        }
        else { $problem = & ([scriptblock]::Create($code)) }
        $problem.Id | Should -BeLike "$error,*"
        foreach ($part in $names) { $problem.Message | Should -BeLike "*$part*" }
        $problem.Action | Should -Not -BeNullOrEmpty
    }
}

Describe 'Mistakes at the prompt' {
    AfterAll { Get-ColbertModel | Remove-ColbertModel }

    BeforeAll {
        function Get-Problem([scriptblock] $Script) {
            try { & $Script -ErrorAction Stop } catch { $_ }
        }
    }

    It 'is told that there is no text, and that nobody said what the texts are' {
        (Get-Problem { ConvertTo-ColbertEmbedding -Query }).Exception.Message | Should -BeLike 'There is no text to encode*'
        (Get-Problem { ConvertTo-ColbertEmbedding 'x' }).Exception.Message | Should -BeLike 'Queries and documents are encoded differently*'
        @() | ConvertTo-ColbertEmbedding -Query | Should -BeNullOrEmpty
    }

    It 'is told that a wildcard matches nothing: <_>' -ForEach 'Export-ColbertModel', 'Optimize-ColbertModel', 'Import-ColbertModel', 'ConvertTo-ColbertEmbedding -Document -Path', 'Measure-ColbertThroughput -Path' {
        $problem = Get-Problem ([scriptblock]::Create("$_ '$TestDrive/zzz*' -ErrorAction Stop"))
        $problem.FullyQualifiedErrorId | Should -BeLike ($_ -match '-Path' ? 'InputInvalid,*' : 'ModelNotFound,*')
        $problem.Exception.Message | Should -BeLike 'Nothing matches*zzz[*]*'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'goes on with the next folder when one is not a model' {
        $opened = "$TestDrive/nowhere", "$root/tests/data/onnx/bert-base" | Import-ColbertModel -ErrorVariable problems -ErrorAction SilentlyContinue
        $opened.Name | Should -Be 'bert-base'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
        $problems[0].TargetObject | Should -Be "$TestDrive/nowhere"
        $opened | Remove-ColbertModel
    }

    It 'is told that a file is not a folder: <_>' -ForEach 'Export-ColbertModel', 'Optimize-ColbertModel', 'Import-ColbertModel' {
        Set-Content "$TestDrive/file.txt" 'x'
        $problem = Get-Problem ([scriptblock]::Create("$_ '$TestDrive/file.txt' -ErrorAction Stop"))
        $problem.FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
        $problem.Exception.Message | Should -BeLike '*file.txt* is a file; a * is a folder.'
    }

    It 'is told what -Model takes' {
        $problem = Get-Problem { ConvertTo-ColbertEmbedding -Query x -Model 5 }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
        $problem.Exception.Message | Should -BeLike '*Int32*'
    }
}

Describe 'Import-ColbertModel -ExecutionProvider: <name>' -ForEach $providers {
    It 'is <error>, and no model is open' {
        $arguments = @{ LiteralPath = "$root/tests/data/onnx/bert-base"; RequireProvider = $true }
        if ($_.providers) { $arguments.ExecutionProvider = $_.providers }
        if ($_.options) { $arguments.ProviderOption = $_.options }
        if ($_.library) { $arguments.ProviderLibrary = "$TestDrive/$($_.library)" }
        if ($_.content) { Set-Content "$TestDrive/$($_.library)" $_.content }
        $record = $null
        try { Import-ColbertModel @arguments -ErrorAction Stop } catch { $record = $_ }
        $record.FullyQualifiedErrorId | Should -BeLike "$error,*"
        foreach ($part in $names) { $record.Exception.Message | Should -BeLike "*$part*" }
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-ColbertModel | Should -BeNullOrEmpty
    }
}

Describe 'Measure-ColbertThroughput -Baseline: <name>' -ForEach $baselines {
    It 'is <error>, before anything is measured' {
        if ($null -ne $content) { [IO.File]::WriteAllText("$TestDrive/$file", $content) }
        $record = $null
        try { Measure-ColbertThroughput -Baseline "$TestDrive/$file" } catch { $record = $_ }
        $record.FullyQualifiedErrorId | Should -BeLike "$error,*"
        foreach ($part in $names) { $record.Exception.Message | Should -BeLike "*$part*" }
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'Import-ColbertEmbedding: <name>' -ForEach $embeddings {
    It 'is <error>, with the place and what to do' {
        if ($null -ne $latin1) { [IO.File]::WriteAllBytes("$TestDrive/$file", [Text.Encoding]::Latin1.GetBytes($latin1)) }
        Import-ColbertEmbedding -LiteralPath "$TestDrive/$file" -ErrorVariable problems -ErrorAction SilentlyContinue | Out-Null
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$error,*"
        foreach ($part in $names) { $problems[0].Exception.Message + $problems[0].ErrorDetails.RecommendedAction | Should -BeLike "*$part*" }
    }
}
