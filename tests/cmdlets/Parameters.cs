namespace ColbertOnnx.Tests.Cmdlets;

internal static class Parameters
{
    /// <summary>These, and over them those.</summary>
    public static Dictionary<string, object?> With(this Dictionary<string, object?> these, Dictionary<string, object?> those)
    {
        Dictionary<string, object?> all = new(these);
        foreach ((string name, object? value) in those) all[name] = value;
        return all;
    }
}
