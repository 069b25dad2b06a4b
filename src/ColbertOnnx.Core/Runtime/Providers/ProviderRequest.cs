using ColbertOnnx.IO;
using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>
/// What the user wants a model to run on, checked: known providers in order of preference, each with the options that are its own.
/// </summary>
internal sealed record ProviderRequest(IReadOnlyList<ProviderUse> Uses, bool IsRequired)
{
    /// <summary>Nothing was asked for: the CPU.</summary>
    public static ProviderRequest Cpu { get; } = new([], false);

    /// <summary>Reads the options; a plug-in library is loaded here.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.InputInvalid"/>: no such provider or option; <see cref="ColbertErrorId.ProviderUnavailable"/>: the plug-in
    /// library is none, or it lacks a provider.
    /// </exception>
    public static ProviderRequest Of(ColbertModelOptions options, IProviderHost host)
    {
        IReadOnlyList<string> names = options.ExecutionProviders ?? [];
        if (names.Count == 0 && options.ProviderLibrary is null && options.ProviderOptions is not { Count: > 0 }) return Cpu;
        IReadOnlyList<string> brought = options.ProviderLibrary is { } library ? Register(library, host) : [];
        List<ProviderRules> rules = [];
        foreach (string name in names.Count > 0 ? names : brought)
        {
            ProviderRules provider = Find(name, brought, options.ProviderLibrary);

            // The CPU can run everything: what stands behind it would never get a node.
            if (provider.Route == ProviderRoute.Cpu) break;
            if (!rules.Exists(r => r.OnnxRuntimeName == provider.OnnxRuntimeName)) rules.Add(provider);
        }

        CheckOptions(options.ProviderOptions, rules);
        return new ProviderRequest(
            [.. rules.Select(r => new ProviderUse(r, OptionsOf(r, rules, options.ProviderOptions)))], options.RequireProvider);
    }

    /// <summary>
    /// The providers of options by the names of the table, without the CPU and what stands behind it: what distinguishes two ways to run
    /// a model.
    /// </summary>
    public static IReadOnlyList<string> NamesOf(ColbertModelOptions options) =>
    [
        .. (options.ExecutionProviders ?? []).Select(name => ProviderTable.Find(name)?.Name ?? name)
            .TakeWhile(name => name != ProviderTable.Cpu.Name),
    ];

    internal static IReadOnlyList<string> Register(string library, IProviderHost host)
    {
        GivenPath.Require(library, "a provider library");
        string path = Path.GetFullPath(library);
        if (!host.FileExists(path))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"There is no provider library '{path}'.", path,
                "Name the file of a plug-in for ONNX Runtime.");
        try
        {
            IReadOnlyList<string> brought = host.Register(path);
            return brought.Count > 0 ? brought : throw new ColbertException(
                ColbertErrorId.ProviderUnavailable, $"The provider library '{path}' finds no device on this machine.", path,
                "Check the device and its driver, or leave the library out.");
        }
        catch (OrtException e)
        {
            throw new ColbertException(
                ColbertErrorId.ProviderUnavailable,
                $"'{path}' is not a plug-in that ONNX Runtime {host.Version} can load: {e.Message.Trim()}", path,
                "Use a plug-in that was built for this version and this machine.", e);
        }
    }

    private static ProviderRules Find(string name, IReadOnlyList<string> brought, string? library)
    {
        string onnxRuntimeName = ProviderTable.Find(name)?.OnnxRuntimeName ?? name;
        if (brought.FirstOrDefault(b => string.Equals(b, onnxRuntimeName, StringComparison.OrdinalIgnoreCase)) is { } plugIn)
            return ProviderTable.PlugIn(plugIn);
        if (ProviderTable.Find(name) is { } known) return known;
        string there = brought.Count > 0 ? $"'{library}' brings {string.Join(", ", brought)}; besides there are" : "There are";
        throw new ColbertException(
            ColbertErrorId.InputInvalid, $"There is no execution provider '{name}'. {there} {ProviderTable.Names}.", name,
            "Use one of these names, in order of preference.");
    }

    private static void CheckOptions(IReadOnlyDictionary<string, string>? options, List<ProviderRules> rules)
    {
        foreach (string option in options?.Keys ?? [])
        {
            if (rules.Exists(r => r.Takes(option))) continue;
            string known = rules.Count == 0
                ? "Without an execution provider there are no provider options."
                : string.Join(" ", rules.Select(r => $"{r.Name} has {string.Join(", ", r.Options!)}."));
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"There is no provider option '{option}'. {known}", option,
                "Correct or remove it; capital letters count.");
        }
    }

    // An option goes to every provider that knows it (device_id means the same card to CUDA and TensorRT), and only where none does to
    // those of which nothing is known.
    private static Dictionary<string, string> OptionsOf(
        ProviderRules rules, List<ProviderRules> all, IReadOnlyDictionary<string, string>? options) =>
        (options ?? new Dictionary<string, string>())
            .Where(option => rules.Options is null ? !all.Exists(r => r.Knows(option.Key)) : rules.Knows(option.Key))
            .ToDictionary(StringComparer.Ordinal);
}
