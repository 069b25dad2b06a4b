using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// Properties of what the pipeline brings: the columns of a file that is read, otherwise what PowerShell infers of the commands and
/// variables in front; otherwise names that texts and ids often have.
/// </summary>
public sealed class PropertyCompleter : IArgumentCompleter
{
    private static readonly string[] Readers = ["Import-Csv", "ipcsv", "Get-Content", "gc", "ConvertFrom-Csv", "ConvertFrom-Json"];
    private static readonly string[] TextNames =
    [
        "Text", "Body", "Content", "Document", "Passage", "Question", "Answer", "Title", "Description",
    ];
    private static readonly string[] IdNames = ["Id", "Key", "Name", "Path", "FullName", "Url"];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        IReadOnlyList<string> names = Upstream(commandAst) is { Count: > 0 } upstream ? Properties(upstream) : [];
        if (names.Count == 0) names = parameterName == "IdProperty" ? IdNames : TextNames;
        return names.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(Completion.Quoted(name), name, CompletionResultType.Property, name));
    }

    /// <summary>What stands in front of the command in its pipeline.</summary>
    private static IReadOnlyList<CommandBaseAst> Upstream(CommandAst command) =>
        command.Parent is PipelineAst pipeline ? [.. pipeline.PipelineElements.TakeWhile(element => element != command)] : [];

    private static IReadOnlyList<string> Properties(IReadOnlyList<CommandBaseAst> upstream)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        if (upstream.All(IsReader))
        {
            // A look at the first record; what is read stays as it is.
            string script = string.Join(
                " | ",
                upstream.Select(element =>
                    element.Extent.Text + (Name(element) is "Get-Content" or "gc" ? " | Select-Object -First 2" : "")));
            PSObject? first = shell.AddScript($"& {{ $ErrorActionPreference = 'SilentlyContinue'; {script} | Select-Object -First 1 }}")
                .AddCommand("Select-Object").AddParameter("First", 1).Invoke().FirstOrDefault();
            if (first is { BaseObject: not string })
                return
                [
                    .. first.Properties.Where(property => property.MemberType == PSMemberTypes.NoteProperty)
                        .Select(property => property.Name),
                ];
            shell.Commands.Clear();
        }

        string inferred = string.Join(" | ", upstream.Select(element => element.Extent.Text)) + " | Select-Object -Property ";
        return [.. CommandCompletion.CompleteInput(inferred, inferred.Length, null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.Property).Select(match => match.ListItemText)];
    }

    /// <summary>
    /// A command that reads and does nothing else, with arguments that stand as they are: running it for a completion does no harm.
    /// </summary>
    private static bool IsReader(CommandBaseAst element) =>
        element is CommandAst command && command.Redirections.Count == 0
        && Readers.Contains(Name(command), StringComparer.OrdinalIgnoreCase)
        && command.CommandElements.All(part =>
            part is ConstantExpressionAst or CommandParameterAst { Argument: null or ConstantExpressionAst })
        && !command.CommandElements.OfType<CommandParameterAst>()
            .Any(parameter => parameter.ParameterName.StartsWith("Wait", StringComparison.OrdinalIgnoreCase));

    private static string? Name(CommandBaseAst element) => (element as CommandAst)?.GetCommandName();
}
