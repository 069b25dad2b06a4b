BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $model = "$root/tests/data/onnx/bert-base"
    $foreign = "bread`e]0;title`a$([char]0x202e)"
    $shown = 'bread\u001b]0;title\u0007\u202e'
    function Get-Steering([string] $Text) { [regex]::Matches($Text, '[\p{Cc}\u202e-[\r\n]]').Value }
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { Get-ColbertModel | Remove-ColbertModel }

Describe 'Texts of others at the prompt' {
    It 'are escaped in tables and lists of <_>' -ForEach 'embeddings', 'rankings', 'matches', 'tokens' {
        $item = [pscustomobject]@{ Id = $foreign; Text = $foreign }
        $objects = switch ($_) {
            'embeddings' { $item | ConvertTo-ColbertEmbedding -Document -IncludeToken -Model $model }
            'rankings' { $item | Measure-ColbertSimilarity $foreign -Model $model }
            'matches' { ($item | Measure-ColbertSimilarity $foreign -Model $model).Matches }
            'tokens' { ConvertTo-ColbertToken $foreign -Model $model }
        }
        foreach ($text in ($objects | Format-Table | Out-String -Width 300), ($objects | Format-List | Out-String -Width 300)) {
            Get-Steering $text | Should -BeNullOrEmpty
            if ($_ -in 'embeddings', 'rankings') { $text.Contains($shown) | Should -BeTrue }
        }
        # The objects have the texts as they are.
        if ($objects[0].PSObject.Properties['Text']) { $objects[0].Text | Should -BeExactly $foreign }
    }

    It 'keep their lines in lists, their emoji everywhere, and are cut in tables' {
        $embedding = "one`ntwo 😀 $('x' * 300)" | ConvertTo-ColbertEmbedding -Document -Model $model
        $embedding | Format-Table | Out-String -Width 500 | Should -Match 'one two 😀 x{188,189}…'
        $embedding | Format-List | Out-String -Width 500 | Should -Match '(?s)one\r?\n +two 😀 x{300}'
        $id = [pscustomobject]@{ Id = "/folder/$('y' * 40).txt"; Text = 'x' } | ConvertTo-ColbertEmbedding -Document -Model $model
        $id | Format-Table | Out-String -Width 200 | Should -Match '…y{15}\.txt '
    }

    It 'are escaped in error records, in every view of them' {
        ConvertTo-ColbertEmbedding -Document -LiteralPath "$TestDrive/no$foreign.txt" -Model $model -ErrorVariable problems -ErrorAction SilentlyContinue
        foreach ($view in 'ConciseView', 'NormalView', 'CategoryView') {
            $ErrorView = $view
            $text = $problems[0] | Out-String -Width 400
            Get-Steering $text | Should -BeNullOrEmpty
            if ($view -ne 'CategoryView') { $text.Contains('\u001b]0;title\u0007') | Should -BeTrue }
        }
        # What an error is about stays what it is.
        $problems[0].TargetObject | Should -BeExactly "$TestDrive/no$foreign.txt"
        [pscustomobject]@{ Note = $foreign } | ConvertTo-ColbertEmbedding -Document -Model $model -ErrorVariable problems -ErrorAction SilentlyContinue
        $ErrorView = 'NormalView'
        Get-Steering ($problems[0] | Out-String -Width 400) | Should -BeNullOrEmpty
        $problems[0].TargetObject.Note | Should -BeExactly $foreign
    }

    It 'are escaped in warnings and in verbose' {
        $folder = (New-Item -ItemType Directory "$TestDrive/model`e]0;title`a").FullName
        Copy-Item "$model/*" $folder
        $said = 'x' * 9000 | ConvertTo-ColbertEmbedding -Document -Model $folder -Verbose 4>&1 3>&1 | Where-Object { $_ -is [Management.Automation.InformationalRecord] } | Out-String
        $said | Should -Match '\\u001b\]0;title\\u0007'
        Get-Steering $said | Should -BeNullOrEmpty
    }
}
