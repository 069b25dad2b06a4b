# Loads the built assemblies into a load context of their own and imports the cmdlets from there.
$bin = Join-Path $PSScriptRoot 'bin'
$loader = Join-Path $bin 'ColbertOnnx.Loader.dll'
if (-not (Test-Path -LiteralPath $loader) -or -not (Test-Path -LiteralPath (Join-Path $bin 'ColbertOnnx.dll'))) {
    throw [System.IO.FileNotFoundException]::new("ColbertOnnx is not built yet: there is nothing in '$bin'. Run: dotnet build '$(Join-Path (Split-Path $PSScriptRoot) 'ColbertPS.sln')' -c Release")
}

# The only assembly of ours in PowerShell's own context. A copy that is loaded already serves this folder too.
if (-not ('ColbertOnnx.Loader.ModuleLoadContext' -as [type])) {
    Add-Type -LiteralPath $loader
}

$inner = Import-Module -Assembly ([ColbertOnnx.Loader.ModuleLoadContext]::LoadModule($bin)) -PassThru

# PowerShell hands a cached module to the second runspace and to -Force, and then forgets to nest its cmdlets
# (https://github.com/PowerShell/PowerShell/issues/20710).
$module = $ExecutionContext.SessionState.Module
$add = [psmoduleinfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    if (-not $module.ExportedCmdlets.ContainsKey($cmdlet.Name)) {
        $null = $add.Invoke($module, @(, $cmdlet))
    }
}
