# Stopping, sharing and closing, in a real shell: a pipeline that ends early, several runspaces, a model that is closed while it works.
BeforeAll {
    $root = Split-Path $PSScriptRoot
    $psd1 = & "$PSScriptRoot/TestedModule.ps1"
    $tiny = "$root/tests/data/onnx/bert-base"
    . "$PSScriptRoot/Shell.ps1"
    Import-Module $psd1 -Force

    # A pipeline of its own that encodes without an end; waits until results come.
    function Start-Encoding($Model) {
        $shell = [powershell]::Create()
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.AddScript({
                param($psd1, $model)
                Import-Module $psd1
                & { for ($i = 0; ; $i++) { "some words to encode, number $i, " * 20 } } | ConvertTo-ColbertEmbedding -Document -Model $model -WarningAction SilentlyContinue
            }).AddArgument($psd1).AddArgument($Model)
        $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
        for ($i = 0; $output.Count -eq 0; $i++) {
            if ($i -gt 6000 -or $running.IsCompleted) { throw "Nothing was encoded. $($shell.Streams.Error)" }
            Start-Sleep -Milliseconds 50
        }
        @{ Shell = $shell; Running = $running; Output = $output }
    }

    # Seconds until it has stopped. The end of the wait is for a machine however busy.
    function Stop-Encoding($Work) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $stop = $Work.Shell.BeginStop($null, $null)
        $stop.AsyncWaitHandle.WaitOne(300000) | Should -BeTrue -Because 'it must stop'
        $Work.Shell.EndStop($stop)
        $clock.Elapsed.TotalSeconds
        $Work.Shell.Streams.Error | Should -BeNullOrEmpty
        $Work.Shell.Dispose()
        $Work.Output.Dispose()
    }

    function Get-Megabyte { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [Diagnostics.Process]::GetCurrentProcess().WorkingSet64 / 1MB }
}

AfterAll { Remove-Module ColbertOnnx }

Describe 'Stopping' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'ends an encode soon' -Tag Timed {
        $seconds = 1..3 | ForEach-Object { Stop-Encoding (Start-Encoding (Import-ColbertModel $tiny)) }
        "stopped after $($seconds.ForEach({ '{0:f3}' -f $_ }) -join ', ') s"
        ($seconds | Measure-Object -Minimum).Minimum | Should -BeLessThan 5
    }

    It 'ends an encode, leaves the model usable, and no memory behind' {
        $model = Import-ColbertModel $tiny
        $before = 0
        foreach ($round in 1..12) {
            $null = Stop-Encoding (Start-Encoding $model)
            if ($round -eq 4) { $before = Get-Megabyte }
        }
        Get-Megabyte | Should -BeLessThan ($before + 40)
        (ConvertTo-ColbertEmbedding -Document 'still here' -Model $model).Text | Should -Be 'still here'
    }

    It 'gives the prompt back after Ctrl+C' {
        if (-not $IsLinux -or -not (Get-Command script -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'it needs the `script` of Linux, which gives a terminal' }
        # `script` gives the shell a terminal, whose line discipline makes a signal of the character. It has no size unless one is set.
        $info = [Diagnostics.ProcessStartInfo]::new('script', [string[]]('-qfec', "stty cols 120 rows 30; exec '$(@($shell) + $shellArguments -join "' '")' -NoProfile -NoLogo", '/dev/null'))
        $info.RedirectStandardInput = $info.RedirectStandardOutput = $true
        $info.Environment['TERM'] = 'dumb'
        $process = [Diagnostics.Process]::Start($info)
        $said = [System.Text.StringBuilder]::new()
        $read = $null
        $buffer = [char[]]::new(4096)
        # Until the shell says it; a terminal also answers where its cursor is.
        function Wait-Said([string] $Pattern, [double] $Seconds = 300) {
            $until = [DateTime]::Now.AddSeconds($Seconds)
            while ([DateTime]::Now -lt $until) {
                if ($said.ToString() -match $Pattern) { $null = $said.Clear(); return $true }
                $script:read ??= $process.StandardOutput.ReadAsync($buffer, 0, $buffer.Length)
                if (-not $script:read.Wait(20)) { continue }
                $text = [string]::new($buffer, 0, $script:read.Result)
                $script:read = $null
                $null = $said.Append($text)
                if ($text.Contains("`e[6n")) { $process.StandardInput.Write("`e[1;1R") }
            }
            $false
        }
        function Send([string] $Line) { $process.StandardInput.Write("$Line`r"); $process.StandardInput.Flush() }
        try {
            Wait-Said 'PS .*> ' | Should -BeTrue
            Send "Remove-Module PSReadLine -ErrorAction Ignore; `$ProgressPreference = 'SilentlyContinue'; function prompt { '@' + '@> ' }; Import-Module '$psd1'; 'im' + 'ported'"
            Wait-Said 'imported' | Should -BeTrue -Because $said
            Send "`$model = Import-ColbertModel '$tiny'; 1..100000000 | ForEach-Object { if (`$_ -eq 500) { [Console]::Out.WriteLine('un' + 'derway') }; 'some words' * 50 } | ConvertTo-ColbertEmbedding -Document -Model `$model > `$null"
            Wait-Said 'underway' | Should -BeTrue
            $null = Wait-Said 'NEVER' 0.5
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $process.StandardInput.Write([char] 3)
            $process.StandardInput.Flush()
            Wait-Said '@@> ' | Should -BeTrue
            "the prompt was back after $('{0:f3}' -f $clock.Elapsed.TotalSeconds) s"
            Send "'to' + 'kens ' + (ConvertTo-ColbertEmbedding -Query hello -Model `$model).TokenCount"
            Wait-Said 'tokens \d+' | Should -BeTrue
        }
        finally {
            $process.Kill($true)
            $process.Dispose()
        }
    }
}

Describe 'Sharing' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'gives each runspace its own results in order, from one model' {
        $model = Import-ColbertModel $tiny
        $wrong = 1..6 | ForEach-Object -Parallel {
            Import-Module $using:psd1
            $mine = $_
            $texts = 1..80 | ForEach-Object { "runspace $mine text $_" }
            $encoded = $texts | ConvertTo-ColbertEmbedding -Document -Model $using:model
            for ($i = 0; $i -lt 80; $i++) { if ($encoded[$i].Text -ne $texts[$i]) { $texts[$i] } }
            $alone = ConvertTo-ColbertEmbedding -Document $texts[7] -Model $using:model
            if (Compare-Object $alone.Values.ToArray() $encoded[7].Values.ToArray() -SyncWindow 0) { "values of $mine" }
        } -ThrottleLimit 6
        $wrong | Should -BeNullOrEmpty
        Get-ColbertModel | Should -HaveCount 1
    }

    It 'opens a folder once when several runspaces ask for it at the same time' {
        $null = 1..4 | ForEach-Object -Parallel { Import-Module $using:psd1; ConvertTo-ColbertEmbedding -Query x -Model $using:tiny } -ThrottleLimit 4
        Get-ColbertModel | Should -HaveCount 1
    }
}

Describe 'Closing' {
    AfterEach { Get-ColbertModel | Remove-ColbertModel }

    It 'ends an encode that runs with an error that says so' {
        $model = Import-ColbertModel $tiny
        $work = Start-Encoding $model
        $model | Remove-ColbertModel
        $problem = $null
        try { $work.Shell.EndInvoke($work.Running) } catch { $problem = $_.Exception.InnerException.ErrorRecord }
        $problem ??= $work.Shell.Streams.Error[0]
        $problem.FullyQualifiedErrorId | Should -BeLike 'InputInvalid,*'
        $problem.Exception.Message | Should -BeLike '*bert-base*was closed*'
        $work.Shell.Dispose()
    }

    It 'happens to all models when the last runspace removes the module, and not before' {
        $said = Invoke-PowerShell -Command "
            Import-Module '$psd1'; Import-Module '$psd1' -Force
            `$model = Import-ColbertModel '$tiny'
            `$other = [powershell]::Create()
            `$null = `$other.AddScript(`"Import-Module '$psd1'`").Invoke()
            Remove-Module ColbertOnnx
            `$other.Commands.Clear(); `$other.AddScript('(Get-ColbertModel).Name').Invoke()
            `$other.Commands.Clear(); `$null = `$other.AddScript('Remove-Module ColbertOnnx').Invoke()
            Import-Module '$psd1'
            try { ConvertTo-ColbertEmbedding -Query x -Model `$model } catch { `$_.Exception.Message }"
        $said | Should -Be 'bert-base', "The model 'bert-base' was closed."
    }
}

Describe 'Memory' {
    It 'stays flat however much comes through the pipeline' {
        $said = Invoke-PowerShell -Command "
            Import-Module '$psd1'
            `$ProgressPreference = 'SilentlyContinue'
            `$line = 'seven words that fill a long line ' * 300
            `$state = @{ Count = 0 }
            & { for (`$i = 0; `$i -lt 12000; `$i++) { `"`$i `$line`" } } | ConvertTo-ColbertEmbedding -Document -Model '$tiny' -WarningAction SilentlyContinue | ForEach-Object {
                if (++`$state.Count -in 4000, 12000) { [Diagnostics.Process]::GetCurrentProcess().WorkingSet64 }
            }"
        $said | Should -HaveCount 2
        # 160 MB of strings have come between the two.
        ([long] $said[1] - [long] $said[0]) / 1MB | Should -BeLessThan 30
    }
}
