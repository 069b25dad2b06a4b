# Loads the built assemblies into a load context of their own and imports the cmdlets from there. Without cmdlets of other modules:
# to load those takes longer than everything here.
$bin = "$PSScriptRoot/bin"

# Where scripts may not call methods, the assemblies share PowerShell's own context, and another module's versions can be in the way.
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    return Import-Module "$bin/ColbertOnnx.dll"
}

if (-not [System.IO.File]::Exists("$bin/ColbertOnnx.dll") -or -not [System.IO.File]::Exists("$bin/ColbertOnnx.Loader.dll")) {
    throw [System.IO.FileNotFoundException]::new("ColbertOnnx is not built yet: there is nothing in '$bin'. Run: dotnet build '$([System.IO.Path]::GetDirectoryName($PSScriptRoot))/ColbertPS.sln' -c Release")
}

# The only assembly of ours in PowerShell's own context. A copy that is loaded already serves this folder too.
if (-not ('ColbertOnnx.Loader.ModuleLoadContext' -as [type])) {
    $null = [System.Reflection.Assembly]::LoadFrom("$bin/ColbertOnnx.Loader.dll")
}

$assembly = [ColbertOnnx.Loader.ModuleLoadContext]::LoadModule($bin)
$inner = Import-Module -Assembly $assembly -PassThru

# PowerShell hands a cached module to the second runspace and to -Force, and then forgets to nest its cmdlets
# (https://github.com/PowerShell/PowerShell/issues/20710).
$module = $ExecutionContext.SessionState.Module
$exported = $module.ExportedCmdlets
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    if (-not $exported.ContainsKey($cmdlet.Name)) {
        $add ??= [psmoduleinfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
        $null = $add.Invoke($module, @(, $cmdlet))
    }
}

# Here and not in the assembly's own events: those are forgotten with the nesting. The last runspace that removes the module closes the models.
$use = $assembly.GetType('ColbertOnnx.PowerShell.Binding.ModuleUse')
$use::Add()
$module.OnRemove = { $use::Remove() }
