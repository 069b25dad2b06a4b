# Laws of the surface: what every cmdlet must have, and help that says it.
BeforeDiscovery {
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force
    $topics = Get-ChildItem "$(Split-Path $PSScriptRoot)/module/docs/en-US/about_*.md" | ForEach-Object { @{ topic = $_.BaseName } }
    $cmdlets = Get-Command -Module ColbertOnnx | ForEach-Object { @{ name = $_.Name } }
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $parameters = Get-Command -Module ColbertOnnx | ForEach-Object {
        $name = $_.Name
        $_.Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters } | ForEach-Object { @{ name = $name; parameter = $_ } }
    }
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    . "$PSScriptRoot/Shell.ps1"
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force

    # The parameter set that a call means: it has all parameters that are named, and what it requires is there, by name, by place or from the pipeline.
    function Get-ChosenSet($Command, [System.Management.Automation.Language.CommandAst] $Call) {
        $named = @($Call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } | ForEach-Object ParameterName)
        $places = 0
        for ($i = 1; $i -lt $Call.CommandElements.Count; $i++) {
            if ($Call.CommandElements[$i] -is [System.Management.Automation.Language.CommandParameterAst]) { continue }
            $before = $Call.CommandElements[$i - 1] -as [System.Management.Automation.Language.CommandParameterAst]
            if (-not $before -or $before.Argument -or $Command.Parameters[$before.ParameterName].SwitchParameter) { $places++ }
        }
        $piped = $Call.Parent -is [System.Management.Automation.Language.PipelineAst] -and $Call.Parent.PipelineElements[0] -ne $Call
        $sets = foreach ($set in $Command.ParameterSets) {
            if ($named | Where-Object { $_ -notin $set.Parameters.Name }) { continue }
            $placed = @($set.Parameters | Where-Object { $_.Position -ge 0 -and $_.Name -notin $named } | Sort-Object Position | Select-Object -First $places | ForEach-Object Name)
            if ($placed.Count -lt $places) { continue }
            $given = $named + $placed
            $taken = @($set.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName } | Where-Object Name -NotIn $given)
            if ($piped -and -not $taken) { continue }
            if ($piped) { $given += $taken.Name }
            if ($set.Parameters | Where-Object { $_.IsMandatory -and $_.Name -notin $given }) { continue }
            $set
        }
        ($sets | Sort-Object { -not $_.IsDefault } -Stable | Select-Object -First 1).Name
    }
}

Describe 'The module' {
    It 'exports exactly what its manifest says' {
        $manifest = Import-PowerShellDataFile (& "$PSScriptRoot/TestedModule.ps1")
        (Get-Command -Module ColbertOnnx).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        Test-ModuleManifest (& "$PSScriptRoot/TestedModule.ps1") | Should -Not -BeNullOrEmpty
    }

    It 'says how to build it when nothing is built' {
        $copy = New-Item -ItemType Directory "$TestDrive/unbuilt"
        Copy-Item "$root/ColbertOnnx.psd1" $copy
        $null = New-Item -ItemType Directory "$copy/module"
        Copy-Item "$root/module/*.ps*" "$copy/module"
        $said = Invoke-PowerShell -Command "try { Import-Module '$copy/ColbertOnnx.psd1' -ErrorAction Stop } catch { `$_.Exception.Message }"
        "$said" | Should -BeLike '*not built*dotnet build*'
    }
}

Describe '<name>' -ForEach $cmdlets {
    BeforeAll { $command = Get-Command $name }

    It 'says what it gives' { $command.OutputType | Should -Not -BeNullOrEmpty }

    It 'has an approved verb' { $command.Verb | Should -BeIn (Get-Verb).Verb }

    It 'has LiteralPath beside Path' {
        if ($command.Parameters.ContainsKey('Path')) { $command.Parameters.Keys | Should -Contain 'LiteralPath' }
    }

    It 'asks before it changes state' {
        if ($command.Verb -in 'Remove', 'Set', 'Clear', 'Export') { $command.Parameters.Keys | Should -Contain 'WhatIf' }
    }

    It 'has one parameter in a set that takes the pipeline by value' {
        foreach ($set in $command.ParameterSets) { @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1 }
    }

    It 'has help with examples and a page' {
        $help = Get-Help $name -Full
        $help.Synopsis | Should -Not -BeLike "*$name*"
        $help.Description | Should -Not -BeNullOrEmpty
        @($help.Examples.Example).Count | Should -BeGreaterThan 1
        "$root/module/docs/en-US/$name.md" | Should -Exist
    }

    It 'has an example for each parameter set' {
        $shown = foreach ($example in (Get-Help $name -Full).Examples.Example) {
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $null)
            $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -eq $name }, $true) | ForEach-Object { Get-ChosenSet $command $_ }
        }
        $command.ParameterSets.Name | Where-Object { $_ -notin $shown } | Should -BeNullOrEmpty -Because 'a reader looks for the way that is theirs'
    }

    It 'has examples that parse and name real parameters' {
        foreach ($example in (Get-Help $name -Full).Examples.Example) {
            $errors = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty
            foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $known = (Get-Command $call.GetCommandName()).Parameters.Keys
                $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } | ForEach-Object { $_.ParameterName | Should -BeIn $known }
            }
        }
    }
}

Describe '<topic>' -ForEach $topics {
    It 'is found by Get-Help, and its commands are real' {
        $text = Get-Help $topic
        "$text" | Should -BeLike "TOPIC*$topic*SHORT DESCRIPTION*"
        foreach ($match in [regex]::Matches((Get-Content "$root/module/docs/en-US/$topic.md" -Raw), '(?s)```powershell\r?\n(.*?)```')) {
            $errors = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($match.Groups[1].Value, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty
            foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $command = Get-Command $call.GetCommandName()
                $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } | ForEach-Object { $_.ParameterName | Should -BeIn $command.Parameters.Keys }
                if ($command.ModuleName -eq 'ColbertOnnx') { Get-ChosenSet $command $call | Should -Not -BeNullOrEmpty -Because $call.Extent.Text }
            }
        }
    }
}

Describe 'What is shown' {
    AfterAll { Get-ColbertModel | Remove-ColbertModel }

    It 'never is the numbers of an embedding, also behind objects of another kind' {
        $embedding = ConvertTo-ColbertEmbedding -Document 'Bread rises.' -Model "$root/tests/data/onnx/bert-base"
        $shown = [pscustomobject]@{ a = 1; b = 2; c = 3; d = 4; e = 5 }, $embedding | Out-String -Width 200
        $shown | Should -Match 'Bread rises'
        $shown | Should -Not -Match '0\.\d{3}'
    }

    It 'is a line for a text''s tokens, and all about them as a list' {
        $token = 'Bread rises.' | ConvertTo-ColbertToken
        ($token | Out-String) -split '\r?\n' -match '\S' | Select-Object -Last 1 | Should -Be "    5     $token"
        $list = $token | Format-List | Out-String -Width 200
        $list | Should -Match 'Text +: Bread rises\.'
        $list | Should -Match 'Offsets +: 0\.\.0 0\.\.5 6\.\.11 11\.\.12 0\.\.0'
    }

    It 'is a table of the checks' {
        $shown = (Optimize-ColbertModel "$root/tests/data/onnx/bert-base" -Verify | Out-String) -split '\r?\n' -match '\S'
        $shown[0] -split ' +' -match '\S' | Should -Be 'Texts', 'Tokens', 'MeanCosine', 'SmallestCosine', 'LargestDifference'
        $shown[2] | Should -Match '^ +\d+ +\d+ +0\.9\d{4} +0\.9\d{4} +\d\.\de-\d'
    }
}

Describe '<name> -<parameter>' -ForEach $parameters {
    It 'is described in the help and on the page' {
        $text = (Get-Help $name -Parameter $parameter -ErrorAction Stop).Description.Text
        $text | Should -Not -BeNullOrEmpty
        if ($parameter -notin 'WhatIf', 'Confirm') { "$root/module/docs/en-US/$name.md" | Should -FileContentMatch ([regex]::Escape("### -$parameter")) }
    }
}
