namespace ColbertOnnx.Runtime.Providers;

/// <summary>Why a provider cannot be used on a machine: what can be seen without opening a model, the most telling reason first.</summary>
internal sealed class ProviderCheck(IProviderHost host)
{
    /// <summary>A sentence; null where nothing speaks against it.</summary>
    public string? WhyNot(ProviderRules rules)
    {
        if (rules.Route is ProviderRoute.Cpu or ProviderRoute.PlugIn) return null;
        if (!rules.Systems.Contains(host.System)) return $"It exists for {string.Join(" and ", rules.Systems.Select(SystemName))} only.";
        if (host.System == "win" && host.SystemBuild < rules.WindowsBuild)
            return FormattableString.Invariant($"It needs Windows 10 1903 (build {rules.WindowsBuild}); this is build {host.SystemBuild}.");
        if (!host.Built.Contains(rules.OnnxRuntimeName)) return $"ONNX Runtime {host.Version} ('{host.LibraryPath}') is built without it.";
        string[] missing = [.. rules.Libraries.Select(PathOf).Where(path => !host.FileExists(path))];
        if (missing.Length > 0) return $"Its library is not there: {string.Join(", ", missing.Select(path => $"'{path}'"))}.";
        return rules.Drivers.TryGetValue(host.System, out string? driver) && host.LoadError(driver) is { } error
            ? $"{Capital(rules.DriverName)} is missing: {error}"
            : null;
    }

    /// <summary>
    /// The same, and then the libraries are loaded and the provider is asked itself. Takes as long as starting a device does.
    /// </summary>
    public string? WhyNotTried(ProviderUse use, ProviderContext context)
    {
        if (WhyNot(use.Rules) is { } reason) return reason;
        if (use.Rules.Route == ProviderRoute.Cpu) return null;
        foreach (string library in use.Rules.Libraries)
        {
            if (host.LoadError(PathOf(library)) is { } error) return $"Its library does not load: {error}";
        }

        return host.AppendError(use, context);
    }

    /// <summary>What to do where <see cref="WhyNot"/> says something.</summary>
    public string Install(ProviderRules rules) =>
        host.Built.Contains(rules.OnnxRuntimeName) ? rules.Install : rules.InstallBuild ?? rules.Install;

    private string PathOf(string library)
    {
        string name = host.System switch { "win" => library + ".dll", "osx" => $"lib{library}.dylib", _ => $"lib{library}.so" };
        return Path.Combine(Path.GetDirectoryName(host.LibraryPath) ?? "", name);
    }

    private static string SystemName(string system) => system switch { "win" => "Windows", "osx" => "macOS", _ => "Linux" };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
