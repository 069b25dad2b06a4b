using System.Reflection;

namespace ColbertOnnx.Help;

/// <summary>
/// What one [Parameter] says. Read as data: the reference library of PowerShell, under which this runs, gives attributes that forget.
/// </summary>
internal sealed record ParameterRole(string? Set, bool IsMandatory, int Position, bool TakesValue, bool TakesProperty)
{
    public static ParameterRole Of(CustomAttributeData data) => new(
        Named(data, "ParameterSetName") as string,
        Named(data, "Mandatory") is true,
        Named(data, "Position") as int? ?? -1,
        Named(data, "ValueFromPipeline") is true,
        Named(data, "ValueFromPipelineByPropertyName") is true);

    public static object? Named(CustomAttributeData data, string name) =>
        data.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => argument.TypedValue.Value).FirstOrDefault();
}
