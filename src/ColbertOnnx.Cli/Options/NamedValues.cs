using System.CommandLine;

namespace ColbertOnnx.Cli.Options;

/// <summary>Options whose values have names: the error for another one lists them. Numbers are not names.</summary>
internal static class NamedValues
{
    /// <param name="names">As they are shown; each is a member of <typeparamref name="T"/>, whatever its case.</param>
    public static Option<T?> Option<T>(string name, string description, params string[] names)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                string given = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
                if (names.Contains(given, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(given, ignoreCase: true);
                result.AddError($"{name} is one of {string.Join(", ", names)}; '{given}' is none of them.");
                return null;
            },
        };
}
