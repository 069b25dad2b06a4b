using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>What is wrong with the arguments, on standard error, in the user's words, and one hint instead of a page of help.</summary>
internal static class UsageErrors
{
    /// <summary>Arguments that were taken for files or texts and look like options; none of those behind "--", and not "-".</summary>
    public static IReadOnlyList<string> UnknownOptions(ParseResult parsed)
    {
        Token[] before = [.. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)];
        IEnumerable<Token> taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens);
        return
        [
            .. taken.Where(token => token.Value is ['-', _, ..] && Array.Exists(before, given => ReferenceEquals(given, token)))
                .Select(token => token.Value),
        ];
    }

    /// <summary>The same that is said where a command takes no arguments.</summary>
    public static void ExplainUnknownOptions(ParseResult parsed, IReadOnlyList<string> unknown, Terminal terminal)
    {
        var options = new RootCommand();
        foreach (Option option in parsed.CommandResult.Command.Options)
        {
            option.Required = false;
            if (option is not System.CommandLine.Help.HelpOption) options.Add(option);
        }

        ParseResult alone = options.Parse(
            [.. unknown.Select(name => name.Split('=')[0])], new ParserConfiguration { ResponseFileTokenReplacer = null });
        Write(alone, terminal);
        string first = unknown[0];
        terminal.Error.WriteLine(
            $"What begins with '-' is an option; a file or text that does stands behind '--': -- {ShownText.Message(first)}");
        Hint(parsed, terminal);
    }

    public static void Explain(ParseResult parsed, Terminal terminal)
    {
        Write(parsed, terminal);
        Hint(parsed, terminal);
    }

    private static void Write(ParseResult parsed, Terminal terminal)
    {
        if (parsed.Action is not ParseErrorAction action) return;
        action.ShowHelp = false;
        action.ShowTypoCorrections = true;
        using var said = new StringWriter { NewLine = "\n" };
        parsed.Invoke(new InvocationConfiguration { Output = said, Error = said, EnableDefaultExceptionHandler = false });
        string text = said.ToString().TrimStart('\n');
        foreach (ParseError error in parsed.Errors)
            text = text.Replace(error.Message + "\n", InOurWords(error, parsed), StringComparison.Ordinal);
        // It repeats arguments as they are.
        terminal.Error.Write(string.Join('\n', text.Split('\n').Select(ShownText.Message)));
    }

    private static void Hint(ParseResult parsed, Terminal terminal)
    {
        string name = parsed.CommandResult.Command is RootCommand ? "colbert" : $"colbert {parsed.CommandResult.Command.Name}";
        terminal.Error.WriteLine($"'{name} --help' shows how it is used.");
    }

    // The library names .NET's types, and a command where an argument is missing.
    private static string InOurWords(ParseError error, ParseResult parsed)
    {
        string plain = error.Message + "\n";
        switch (error.SymbolResult)
        {
            case ArgumentResult { Tokens.Count: 0, Argument: var argument, Parent: CommandResult command }:
                return $"Required argument missing for command '{command.Command.Name}': "
                    + $"{(argument.HelpName ?? argument.Name).ToUpperInvariant()}.\n";
            case OptionResult { Tokens: [var token, ..], Option: var option } when error.Message.Contains(
                $"'{option.ValueType}'", StringComparison.Ordinal):
                Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
                string wanted = type == typeof(int) || type == typeof(long)
                    ? "a whole number"
                    : type == typeof(bool) ? "true or false"
                    : "a number";
                return $"{option.Name} takes {wanted}, not '{token.Value}'.\n";
            case CommandResult { Command: RootCommand } when parsed.UnmatchedTokens.Count > 0:
                // A command was given; it is not known, and that is said.
                return parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)) ? plain : "";
            default:
                return plain;
        }
    }
}
