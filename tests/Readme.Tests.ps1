# Every PowerShell sample of the README and of pages beside it is run, page by page in one session from top to bottom; what it prints is compared
# with what stands there.
BeforeDiscovery {
    $root = Split-Path $PSScriptRoot
    $samples = foreach ($page in 'README.md', 'docs/install.md', 'docs/errors.md') {
        $text = (Get-Content "$root/$page" -Raw) -replace "`r"
        foreach ($match in [regex]::Matches($text, '(?s)(?:<!-- run by: (?<by>[^\n]+) -->\n)?```powershell\n(?<code>.*?)\n```')) {
            @{ page = $page; by = $match.Groups['by'].Value; code = $match.Groups['code'].Value; first = ($match.Groups['code'].Value -split '\n')[0] }
        }
    }
    $elsewhere = $samples | Where-Object by
    $here = $samples | Where-Object { -not $_.by }
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    Import-Module (& "$PSScriptRoot/TestedModule.ps1") -Force

    # What a reader has: some notes, a corpus, a table, models and a checkpoint, and a hub whose models are in the cache.
    $desk = (New-Item -ItemType Directory "$TestDrive/desk").FullName
    $null = New-Item -ItemType Directory "$desk/notes", "$desk/models/my-model", "$desk/checkpoints/run-7"
    Set-Content "$desk/notes/bread.md" 'Bread rises when yeast breathes.'
    Set-Content "$desk/notes/salt.md" 'Salt lowers the freezing point.'
    Set-Content "$desk/corpus.txt" 'a line is a text', 'another line', 'the last one'
    Set-Content "$desk/faq.csv" 'id,answer', '7,We open at nine.', '8,We close at six.'
    Copy-Item "$root/tests/data/onnx/bert-base/*" "$desk/models/my-model"
    Remove-Item "$desk/models/my-model/model_int8.onnx"
    Copy-Item "$root/tests/data/pylate/bert-base/*" "$desk/checkpoints/run-7" -Recurse
    $commit = '0123456789abcdef0123456789abcdef01234567'
    $cached = New-Item -ItemType Directory "$TestDrive/hub/models--lightonai--answerai-colbert-small-v1/snapshots/$commit"
    Copy-Item "$root/tests/data/pylate/bert-base/*" $cached -Recurse
    $null = New-Item "$TestDrive/hub/models--lightonai--answerai-colbert-small-v1/refs/main" -Value $commit -Force

    $variables = @{ HF_HUB_CACHE = "$TestDrive/hub"; HF_HUB_OFFLINE = '1'; COLBERT_CACHE = "$TestDrive/cache" }
    $before = @{}
    foreach ($name in $variables.Keys) { $before[$name] = [Environment]::GetEnvironmentVariable($name); [Environment]::SetEnvironmentVariable($name, $variables[$name]) }
    Push-Location $desk

    # A reader has the time to measure five rounds.
    $PSDefaultParameterValues['Measure-ColbertThroughput:Repeat'] = 1

    function Get-Number([string] $Text) { [regex]::Matches($Text, '\d+\.\d+').Value | Where-Object { $_ } | ForEach-Object { [double]::Parse($_, [cultureinfo]::InvariantCulture) } }

    # Blanks at the ends of lines, the machine's folders and the second digit of numbers are not what a sample is about.
    function Get-Shown([string] $Text) {
        ($Text -replace "`e\[[\d;]*m" -replace "`r" -split '\n' | ForEach-Object { $_.TrimEnd() -replace "'[^']*/models/none'", "'…/models/none'" -replace '\d+\.\d+', '#' }) -join "`n" -replace '^\n+|\n+$'
    }
}

AfterAll {
    Pop-Location
    foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    Remove-Module ColbertOnnx
}

Describe 'The pages' {
    It 'has samples' { @($here).Count | Should -BeGreaterThan 5 } -TestCases @{ here = $here }

    It '<page> names the test that runs: <first>' -ForEach $elsewhere {
        "$root/$by" | Should -Exist
    }

    It '<page> prints what stands there: <first>' -ForEach $here {
        $isTranscript = $code.StartsWith('PS> ')
        $steps = if ($isTranscript) { [regex]::Matches($code, '(?ms)^PS> (?<in>[^\n]*)(?:\n(?<out>.*?))?(?=^PS> |\z)') } else { [regex]::Matches($code, '(?m)^(?<in>[^\n]+)$') }
        $Error.Clear()
        foreach ($step in $steps) {
            # In this scope: what one line assigns the next one reads.
            $lines = try { . ([scriptblock]::Create($step.Groups['in'].Value)) 2>&1 } catch { $_ }
            # PowerShell measures a table by the rows that come within 300 ms: on a machine that stood still meanwhile it is another one.
            foreach ($try in 1..3) {
                $printed = $lines | Out-String -Width 120
                if (-not $isTranscript -or (Get-Shown $printed) -eq (Get-Shown $step.Groups['out'].Value)) { break }
            }
            if ($isTranscript) {
                Get-Shown $printed | Should -Be (Get-Shown $step.Groups['out'].Value) -Because $step.Groups['in'].Value
                # INT8 kernels differ by CPU in the second digit.
                $numbers = @(Get-Number $printed)
                $shown = @(Get-Number $step.Groups['out'].Value)
                for ($i = 0; $i -lt $shown.Count; $i++) { [math]::Abs($numbers[$i] - $shown[$i]) | Should -BeLessThan 0.05 -Because "$($shown[$i]) stands there" }
            }
            # A baseline that a busy machine misses is an answer.
            else { $lines | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] -and $_.FullyQualifiedErrorId -notlike 'BaselineMissed*' } | Should -BeNullOrEmpty -Because $step.Groups['in'].Value }
        }
    }
}
