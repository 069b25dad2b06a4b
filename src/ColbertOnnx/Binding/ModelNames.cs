using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Binding;

internal static class ModelNames
{
    /// <summary>The open models that a name with wildcards stands for.</summary>
    public static ColbertModel[] Matching(string name)
    {
        if (name == "*") return [.. OpenModels.All];
        WildcardPattern pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return [.. OpenModels.All.Where(model => pattern.IsMatch(model.Name))];
    }

    public static ColbertException NotOpen(string name) =>
        new(ColbertErrorId.ModelNotFound, $"No model named '{name}' is open.", name, "Get-ColbertModel lists the open ones.");
}
