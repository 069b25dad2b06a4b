namespace ColbertOnnx.PowerShell.Binding;

/// <summary>Where the module ColbertOnnxParquet is installed: it has no cmdlets, so that it need not be imported.</summary>
internal static class AddOnFolders
{
    private const string Module = "ColbertOnnxParquet";

    public static IEnumerable<string> OfParquet() =>
        OfParquet(Environment.GetEnvironmentVariable("PSModulePath"), typeof(AddOnFolders).Assembly.GetName().Version!.ToString(3));

    /// <summary>In folders of modules, of our own version alone.</summary>
    internal static IEnumerable<string> OfParquet(string? modules, string version) =>
        (modules ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => new[] { Path.Combine(folder, Module, version, "bin"), Path.Combine(folder, Module, "bin") });
}
