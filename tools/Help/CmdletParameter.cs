using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;

namespace ColbertOnnx.Help;

/// <summary>A parameter by its attributes.</summary>
internal sealed class CmdletParameter(PropertyInfo property)
{
    public string Name => property.Name;

    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public IReadOnlyList<ParameterRole> Roles { get; } =
        [.. property.GetCustomAttributesData().Where(data => data.AttributeType == typeof(ParameterAttribute)).Select(ParameterRole.Of)];

    public bool HasWildcards { get; } =
        property.GetCustomAttributesData().Any(data => data.AttributeType == typeof(SupportsWildcardsAttribute));

    public IReadOnlyList<string> Aliases { get; } =
    [
        .. property.GetCustomAttributesData().Where(data => data.AttributeType == typeof(AliasAttribute))
            .SelectMany(data => (ReadOnlyCollection<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
            .Select(alias => (string)alias.Value!),
    ];

    /// <summary>Its role in a set; null when it is not in it.</summary>
    public ParameterRole? In(string? set) =>
        Roles.FirstOrDefault(role => role.Set == set) ?? Roles.FirstOrDefault(role => role.Set is null);

    /// <summary>The line that the pages repeat behind the text.</summary>
    public string Summary
    {
        get
        {
            List<string> parts = [$"`{Type.Name}`"];
            if (Roles.Any(role => role.IsMandatory))
                parts.Add(Roles.All(role => role.IsMandatory) && Roles.All(role => role.Set is null)
                    ? "mandatory"
                    : "mandatory in its parameter sets");
            if (Roles.Max(role => role.Position) is >= 0 and int position) parts.Add(FormattableString.Invariant($"position {position}"));
            string[] pipeline = [.. Roles.SelectMany(role => Ways(role)).Distinct()];
            if (pipeline.Length > 0) parts.Add($"pipeline: {string.Join(", ", pipeline)}");
            if (HasWildcards) parts.Add("wildcards");
            if (Aliases.Count > 0) parts.Add($"aliases: {string.Join(", ", Aliases)}");
            return $"({string.Join("; ", parts)})";
        }
    }

    public static IEnumerable<string> Ways(ParameterRole role)
    {
        if (role.TakesValue) yield return "ByValue";
        if (role.TakesProperty) yield return "ByPropertyName";
    }
}
