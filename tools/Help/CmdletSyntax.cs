using System.Management.Automation;
using System.Reflection;

namespace ColbertOnnx.Help;

/// <summary>A cmdlet by its attributes.</summary>
internal sealed class CmdletSyntax
{
    private CmdletSyntax(Type type, CustomAttributeData attribute)
    {
        Type = type;
        Verb = (string)attribute.ConstructorArguments[0].Value!;
        Noun = (string)attribute.ConstructorArguments[1].Value!;
        Parameters =
        [
            .. type.GetProperties()
                .Where(property => property.GetCustomAttributesData().Any(data => data.AttributeType == typeof(ParameterAttribute)))
                .OrderBy(property => property.MetadataToken).Select(property => new CmdletParameter(property)),
        ];
        AsksFirst = ParameterRole.Named(attribute, "SupportsShouldProcess") is true;
        DefaultSet = ParameterRole.Named(attribute, "DefaultParameterSetName") as string;
        string?[] named =
        [
            .. Parameters.SelectMany(parameter => parameter.Roles).Select(role => role.Set).Where(set => set is not null).Distinct(),
        ];
        // The default set may be one that no parameter names: what is left when none of the others is meant.
        Sets = named.Length == 0
            ? [null]
            : [.. named.Append(DefaultSet).Where(set => set is not null).Distinct().OrderBy(set => set != DefaultSet)];
    }

    public Type Type { get; }

    public string Verb { get; }

    public string Noun { get; }

    public string Name => $"{Verb}-{Noun}";

    /// <summary>Whether it has -WhatIf and -Confirm.</summary>
    public bool AsksFirst { get; }

    /// <summary>Null: none is named.</summary>
    public string? DefaultSet { get; }

    /// <summary>In the order in which they are written.</summary>
    public IReadOnlyList<CmdletParameter> Parameters { get; }

    /// <summary>The default one first; null stands for the only one, without a name.</summary>
    public IReadOnlyList<string?> Sets { get; }

    public IEnumerable<string> InputTypes =>
        Parameters.Where(parameter => parameter.Roles.Any(role => role.TakesValue)).Select(parameter => parameter.Type.FullName!)
            .DefaultIfEmpty("None");

    public static IReadOnlyList<CmdletSyntax> All(Assembly module) =>
    [
        .. module.GetExportedTypes()
            .Select(type =>
                (type, attribute: type.GetCustomAttributesData().FirstOrDefault(data => data.AttributeType == typeof(CmdletAttribute))))
            .Where(pair => pair.attribute is not null)
            .Select(pair => new CmdletSyntax(pair.type, pair.attribute!))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];
}
