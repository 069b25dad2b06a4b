namespace ColbertOnnx.Runtime.Providers;

/// <summary>A provider as a session is to use it, with its options as the user gave them.</summary>
internal sealed record ProviderUse(ProviderRules Rules, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The user's options over the provider's defaults.</summary>
    public IReadOnlyDictionary<string, string> Settings(ProviderContext context)
    {
        Dictionary<string, string> all = new(Rules.Defaults(context), StringComparer.Ordinal);
        foreach ((string name, string value) in Options) all[name] = value;
        return all;
    }
}
