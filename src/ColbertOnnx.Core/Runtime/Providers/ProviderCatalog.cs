using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>Every provider that has a name here or that the library names, as it is on a machine.</summary>
internal sealed class ProviderCatalog(IProviderHost host)
{
    /// <param name="plugIns">Providers that a registered plug-in library brought.</param>
    public IReadOnlyList<ColbertExecutionProvider> List(IReadOnlyList<string> plugIns)
    {
        // Nothing is kept of a provider that is only asked.
        var context = new ProviderContext("", host.Version, null);
        var check = new ProviderCheck(host);
        IReadOnlyList<OrtEpDevice> devices = host.Devices;
        ProviderRules[] brought = [.. plugIns.Select(ProviderTable.PlugIn)];
        IEnumerable<ProviderRules> all = brought
            .Concat(ProviderTable.All.Where(rules => !plugIns.Contains(rules.OnnxRuntimeName)))
            .Concat(host.Built.Where(name => ProviderTable.Find(name) is null && !plugIns.Contains(name)).Select(Unnamed));
        return
        [
            .. all.Select(rules => Describe(
                rules, check.WhyNotTried(new ProviderUse(rules, new Dictionary<string, string>()), context),
                check.Install(rules), devices)),
        ];
    }

    private ColbertExecutionProvider Describe(ProviderRules rules, string? whyNot, string install, IReadOnlyList<OrtEpDevice> devices)
    {
        OrtEpDevice[] own = [.. devices.Where(device => device.Provider == rules.OnnxRuntimeName)];
        string? version = own.Select(device => device.Metadata.GetValueOrDefault("version")).FirstOrDefault(v => v is not null);
        return new ColbertExecutionProvider
        {
            Name = rules.Name,
            OnnxRuntimeName = rules.OnnxRuntimeName,
            IsAvailable = whyNot is null,
            Reason = whyNot,
            Install = whyNot is null ? null : install,
            Version = version ?? (whyNot is null ? host.Version : null),
            Devices = [.. own.Select(Describe)],
            Options = rules.Options ?? [],
        };
    }

    private static ColbertExecutionDevice Describe(OrtEpDevice device) => new()
    {
        Kind = device.Kind.ToString(),
        Name = device.Hardware.GetValueOrDefault("Description") is { Length: > 0 } name ? name : device.Vendor,
        Vendor = device.Vendor,
        Memory = device.Hardware.FirstOrDefault(pair => pair.Key.Contains("Memory", StringComparison.OrdinalIgnoreCase)).Value,
    };

    private static ProviderRules Unnamed(string onnxRuntimeName) => new()
    {
        Name = onnxRuntimeName,
        OnnxRuntimeName = onnxRuntimeName,
        ShortName = onnxRuntimeName.Replace("ExecutionProvider", "", StringComparison.Ordinal),
    };
}
