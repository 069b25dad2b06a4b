# Prefixes and prompts as only a real PowerShell binds and shows them.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $tiny = "$TestDrive/tiny"
    Copy-Item "$root/tests/data/onnx/bert-base" $tiny -Recurse
    $settings = Get-Content "$tiny/onnx_config.json" -Raw | ConvertFrom-Json -AsHashtable
    $settings.prompts = [ordered]@{ query = 'question: '; 'for storage' = 'note: ' }
    $settings | ConvertTo-Json | Set-Content "$tiny/onnx_config.json"
}

AfterAll { Remove-Module ColbertOnnx }

Describe 'Prefixes and prompts' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'takes an empty string for no prefix, and shows where each setting came from' {
        $model = Import-ColbertModel $tiny -QueryPrefix '' -Prompt 'the: ' -PoolFactor 2 -ProtectedTokens 0
        $shown = $model | Format-List | Out-String
        $shown | Should -Match "QueryPrefix +: '' \(argument\)"
        $shown | Should -Match "DocumentPrefix +: '\[D\] ' \(onnx_config.json\)"
        $shown | Should -Match "QueryPrompt +: 'the: ' \(argument\)"
        $shown | Should -Match "ProtectedTokens +: 0 \(argument\)"
        $shown | Should -Match "Prompts +: 'for storage', 'query' \(onnx_config.json\)"
        (ConvertTo-ColbertToken -Document 'a' -Model $model).Tokens | Should -Be '[CLS]', '[D] ', 'the', ':', 'a', '[SEP]'
    }

    It 'puts a call''s prompt in front of the texts of that call' {
        $null = Import-ColbertModel $tiny
        $named = 'a', 'b' | ConvertTo-ColbertEmbedding -Document -PromptName query
        $given = 'a', 'b' | ConvertTo-ColbertEmbedding -Document -Prompt 'question: '
        $none = 'a', 'b' | ConvertTo-ColbertEmbedding -Document
        0, 1 | ForEach-Object { $named[$_].Values.ToArray() | Should -Be $given[$_].Values.ToArray() }
        $named[0].TokenCount | Should -BeGreaterThan $none[0].TokenCount
    }

    It 'says which prompts there are when a name is none of them' {
        { ConvertTo-ColbertEmbedding -Query 'a' -Model $tiny -PromptName nope -ErrorAction Stop } | Should -Throw -ErrorId 'InputInvalid*' -ExpectedMessage "*'for storage', 'query'*"
    }

    It 'completes the names of prompts, and opens no model for it' {
        function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        Complete "Import-ColbertModel $tiny -PromptName " | Should -Be "'for storage'", 'query'
        Complete "ConvertTo-ColbertEmbedding -Query a -Model $tiny -PromptName q" | Should -Be 'query'
        Get-ColbertModel | Should -BeNullOrEmpty
        $null = Import-ColbertModel $tiny
        Complete 'ConvertTo-ColbertToken -Query a -PromptName f' | Should -Be "'for storage'"
        Complete 'ConvertTo-ColbertEmbedding -Query a -Model tiny -PromptName q' | Should -Be 'query'
    }
}
