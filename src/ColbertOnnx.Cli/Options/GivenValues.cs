using System.CommandLine;
using System.CommandLine.Parsing;

namespace ColbertOnnx.Cli.Options;

/// <summary>
/// What was given, for validators: the parser's own values throw where an option lacks its value, which is reported behind the validators.
/// </summary>
internal static class GivenValues
{
    public static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    public static IReadOnlyList<string> Given(this CommandResult result, Option option) =>
        [.. result.GetResult(option)?.Tokens.Select(token => token.Value) ?? []];
}
