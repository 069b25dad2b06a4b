# Laws of the surface: what every cmdlet must have, and help that says it.
BeforeDiscovery {
    Import-Module "$(Split-Path $PSScriptRoot)/ColbertOnnx.psd1" -Force
    $cmdlets = Get-Command -Module ColbertOnnx | ForEach-Object { @{ name = $_.Name } }
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $parameters = Get-Command -Module ColbertOnnx | ForEach-Object {
        $name = $_.Name
        $_.Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters } | ForEach-Object { @{ name = $name; parameter = $_ } }
    }
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module "$root/ColbertOnnx.psd1" -Force
}

Describe 'The module' {
    It 'exports exactly what its manifest says' {
        $manifest = Import-PowerShellDataFile "$root/ColbertOnnx.psd1"
        (Get-Command -Module ColbertOnnx).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        Test-ModuleManifest "$root/ColbertOnnx.psd1" | Should -Not -BeNullOrEmpty
    }

    It 'survives -Force and a second runspace' {
        Import-Module "$root/ColbertOnnx.psd1" -Force
        Get-Command -Module ColbertOnnx | Should -HaveCount (Import-PowerShellDataFile "$root/ColbertOnnx.psd1").CmdletsToExport.Count
        $names = 1 | ForEach-Object -Parallel { Import-Module $using:root/ColbertOnnx.psd1; (Get-Command -Module ColbertOnnx).Name }
        $names | Should -Contain 'Import-ColbertModel'
    }

    It 'says how to build it when nothing is built' {
        $copy = New-Item -ItemType Directory "$TestDrive/unbuilt"
        Copy-Item "$root/ColbertOnnx.psd1" $copy
        $null = New-Item -ItemType Directory "$copy/module"
        Copy-Item "$root/module/*.ps*" "$copy/module"
        $said = pwsh -NoProfile -Command "try { Import-Module '$copy/ColbertOnnx.psd1' -ErrorAction Stop } catch { `$_.Exception.Message }"
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

Describe '<name> -<parameter>' -ForEach $parameters {
    It 'is described in the help and on the page' {
        $text = (Get-Help $name -Parameter $parameter -ErrorAction Stop).Description.Text
        $text | Should -Not -BeNullOrEmpty
        if ($parameter -notin 'WhatIf', 'Confirm') { "$root/module/docs/en-US/$name.md" | Should -FileContentMatch ([regex]::Escape("### -$parameter")) }
    }
}
