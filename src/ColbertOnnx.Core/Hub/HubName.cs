using System.Diagnostics.CodeAnalysis;

namespace ColbertOnnx.Hub;

/// <summary>
/// The name of a model on the hub: <c>owner/name</c>. Parsing looks at the text alone: whether a folder of that name exists, which then is
/// what was meant, is for the caller to ask first.
/// </summary>
internal sealed record HubName
{
    private const int LongestName = 96;

    private HubName(string owner, string name)
    {
        Owner = owner;
        Name = name;
    }

    public string Owner { get; }

    public string Name { get; }

    /// <summary>
    /// True for two parts of letters, digits, <c>-</c>, <c>_</c> and <c>.</c> (ASCII), neither with <c>-</c> or <c>.</c> at an end, with
    /// <c>--</c> or <c>..</c> inside, longer than 96, or ending in <c>.git</c>: the hub's own rules. So <c>./a</c>, <c>a/b/c</c>,
    /// <c>C:\a</c> and <c>~/a</c> are not names.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out HubName? name)
    {
        string[] parts = text?.Split('/') ?? [];
        name = parts.Length == 2 && parts.All(IsPart) ? new HubName(parts[0], parts[1]) : null;
        return name is not null;
    }

    public override string ToString() => $"{Owner}/{Name}";

    private static bool IsPart(string part) =>
        part.Length is > 0 and <= LongestName
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && part[0] is not ('-' or '.')
        && part[^1] is not ('-' or '.')
        && !part.Contains("--", StringComparison.Ordinal)
        && !part.Contains("..", StringComparison.Ordinal)
        && !part.EndsWith(".git", StringComparison.Ordinal);
}
