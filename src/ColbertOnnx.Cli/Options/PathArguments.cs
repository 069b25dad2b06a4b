using System.CommandLine;
using System.CommandLine.Parsing;

namespace ColbertOnnx.Cli.Options;

/// <summary>
/// Options and arguments that take a path or a name of the hub: all of the command in one place, known by what its help calls their values.
/// </summary>
internal static class PathArguments
{
    private static readonly string[] Names = ["FILE", "DIR", "OUT", "PATH", "CHECKPOINT", "INPUT"];

    /// <summary>Refuses empty ones, as a script gives them whose variable is not set.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the option.</exception>
    public static void Check(ParseResult parsed)
    {
        foreach (SymbolResult result in parsed.CommandResult.Children)
        {
            string? name = result switch
            {
                OptionResult { Option: var option } when IsPath(option) => option.Name,
                ArgumentResult { Argument: var argument } when Names.Contains(argument.HelpName ?? argument.Name) =>
                    argument.HelpName ?? argument.Name,
                _ => null,
            };
            if (name is not null && result.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value)) is { } empty)
                throw new ColbertException(
                    ColbertErrorId.InputInvalid, $"{name} is empty: '{empty.Value}'.", name,
                    $"Give {name} a value{(result is OptionResult { Option.Required: false } ? ", or leave it out" : "")}.");
        }
    }

    /// <summary>Whether an empty value of it is refused.</summary>
    public static bool IsPath(Option option) => option.Name == "--revision" || Names.Contains(option.HelpName?.Split('|', '.')[0]);
}
