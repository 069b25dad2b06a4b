# What the module writes and whom it speaks to, in a PowerShell of its own: under an empty home, and without the variables of build
# servers, which would hide what ONNX Runtime does at a user's.
BeforeAll {
    $module = & "$PSScriptRoot/TestedModule.ps1"
    . "$PSScriptRoot/Shell.ps1"
    function Invoke-AtUser([string] $Script, [string[]] $Before = @()) {
        $script:userHome = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $script:place = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $command = @($Before) + @($shell) + $shellArguments + @('-NoProfile', '-NonInteractive', '-Command', $Script)
        $start = [System.Diagnostics.ProcessStartInfo]::new($command[0], [string[]] $command[1..99])
        foreach ($name in 'CI', 'TF_BUILD', 'GITHUB_ACTIONS', 'GITLAB_CI', 'CIRCLECI', 'TRAVIS', 'JENKINS_URL', 'ORT_RUNNING_UNIT_TESTS', 'COLBERT_CACHE',
            'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'ORT_DISABLE_TELEMETRY', 'ORT_TELEMETRY_DISABLED') { $null = $start.Environment.Remove($name) }
        $start.Environment['HOME'] = $start.Environment['USERPROFILE'] = $userHome
        $start.Environment['LOCALAPPDATA'] = "$userHome/AppData/Local"
        # PowerShell's own look-ups are none of ours.
        $start.Environment['POWERSHELL_TELEMETRY_OPTOUT'] = $start.Environment['POWERSHELL_UPDATECHECK_OPTOUT'] = '1'
        $start.Environment['POWERSHELL_UPDATECHECK'] = 'Off'
        $start.WorkingDirectory = $place
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $process.ExitCode | Should -Be 0 -Because $output
        $output.Trim()
    }
    # Files that PowerShell does not write by itself.
    function Get-Left { @((Get-ChildItem $userHome -Recurse -File -Force).FullName.Substring($userHome.Length + 1).Replace('\', '/') -notmatch '(^|/)powershell/|/PowerShell/|^AppData/Local/Microsoft/(Windows|CLR)') }
    $encode = "Import-Module '$module'; ('Bread rises.' | ConvertTo-ColbertEmbedding -Document).Dimension"
}

Describe 'The module at a user''s' {
    It 'leaves nothing in the home but its cache, and nothing in the working folder' {
        Invoke-AtUser $encode | Should -Be '96'
        $left = Get-Left
        $left | Should -Not -BeNullOrEmpty
        $left | Where-Object { $_ -notmatch '(colbert-onnx|ColbertOnnx/Cache)/weights/' } | Should -BeNullOrEmpty
        Get-ChildItem $place -Force | Should -BeNullOrEmpty
    }

    It 'keeps what a script has set' {
        Invoke-AtUser "`$env:ORT_DISABLE_TELEMETRY = '0'; $encode" | Should -Be '96'
        Get-Left | Where-Object { $_ -match 'onnxruntime' } | Should -Not -BeNullOrEmpty
    }

    It 'looks nobody up' {
        if (-not (Get-Command strace -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'strace is not installed, which shows what is sent' ; return }
        $trace = "$TestDrive/trace.txt"
        Invoke-AtUser "$encode; Start-Sleep 8" 'strace', '-f', '-qq', '-e', 'trace=connect,sendto,sendmsg,sendmmsg,socket', '-o', $trace | Should -Be '96'
        Get-Content $trace | Should -Not -BeNullOrEmpty
        Get-Content $trace | Select-String '(connect|send\w*)\(.*AF_INET' | Should -BeNullOrEmpty
    }
}
