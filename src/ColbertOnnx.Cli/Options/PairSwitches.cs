using System.CommandLine;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Options;

/// <summary>Documents from INPUT and queries from a file of their own.</summary>
internal sealed class PairSwitches
{
    private readonly InputSwitches documents = new(isOptional: true);
    private readonly Option<string[]?> queries = new("--queries")
    {
        Description = "Files of queries, in any format of INPUT (which are documents).",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(queries);
        documents.AddTo(command);
    }

    public bool AreGiven(ParseResult parsed) => PathsOf(parsed).Any();

    public IEnumerable<string> PathsOf(ParseResult parsed) => [.. documents.PathsOf(parsed), .. parsed.GetValue(queries) ?? []];

    /// <summary>How texts are read, whichever file they come from.</summary>
    public InputOptions Options(ParseResult parsed) => documents.Options(parsed);

    /// <summary>For validators: texts of our own are not read.</summary>
    public void RefuseIdle(System.CommandLine.Parsing.CommandResult result)
    {
        if (result.GetValue(queries) is not { Length: > 0 }) documents.RefuseIdle(result);
    }

    /// <summary>Null for a kind that was not given; files that are not there are an error before anything runs.</summary>
    public (IEnumerable<InputItem>? Queries, IEnumerable<InputItem>? Documents) Read(ParseResult parsed)
    {
        string[] files = parsed.GetValue(queries) ?? [];
        IReadOnlyList<string> paths = documents.PathsOf(parsed);
        return (
            files.Length == 0 ? null : documents.Read(parsed, paths, files),
            paths.Count == 0 ? null : documents.Read(parsed, files, paths));
    }
}
