# To be dot-sourced: how tests start this PowerShell again. As a .NET tool it is a `dotnet` that runs pwsh.dll.
$shell = [Environment]::ProcessPath
$shellArguments = @(if ((Split-Path $shell -LeafBase) -eq 'dotnet') { "$PSHOME/pwsh.dll" })
function Invoke-PowerShell { & $shell @shellArguments -NoProfile -NonInteractive @args }

# What a script answers in a new process; it gets its arguments, and the caller's $module, as $with.
function Invoke-Fresh([scriptblock] $Script, [hashtable] $With = @{}) {
    $json = (@{ module = $module } + $With | ConvertTo-Json) -replace "'", "''"
    $answer = Invoke-PowerShell -Command "`$ErrorActionPreference = 'Stop'; `$with = '$json' | ConvertFrom-Json; & { $Script } | ConvertTo-Json -Depth 4" 2>&1
    if ($LASTEXITCODE) { throw "The script ended with $LASTEXITCODE`: $answer" }
    $answer | ConvertFrom-Json
}

# What a shell without job control starts in the background ignores SIGINT, and so would all that is started here: it gets the default again.
$ignoresInterrupt = if ($IsLinux) { ([Convert]::ToInt64((@((Get-Content /proc/self/status) -match '^SigIgn:')[0] -split '\s+')[1], 16) -band 2) -ne 0 } else { [bool] $IsMacOS }
if ($ignoresInterrupt) {
    if (-not ('ColbertTest.Signals' -as [type])) {
        Add-Type -Namespace ColbertTest -Name Signals -MemberDefinition '[DllImport("libc")] public static extern IntPtr signal(int number, IntPtr handler);'
    }
    $null = [ColbertTest.Signals]::signal(2, [IntPtr]::Zero)
}
