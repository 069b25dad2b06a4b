using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// Names of the prompts of the model that the command line names; without one, of the model that would be used. Opens none.
/// </summary>
public sealed class PromptNameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Prompts(commandName, fakeBoundParameters)
            .Where(prompt =>
                prompt.Key.Length > 0 && prompt.Key.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .OrderBy(prompt => prompt.Key, StringComparer.Ordinal)
            .Select(prompt => new CompletionResult(
                Completion.Quoted(prompt.Key), ShownText.Of(prompt.Key), CompletionResultType.ParameterValue,
                $"'{ShownText.Of(prompt.Value)}'"));

    private static IReadOnlyDictionary<string, string> Prompts(string commandName, IDictionary bound)
    {
        try
        {
            return SettingsOf(commandName, bound)?.Prompts.Value ?? new Dictionary<string, string>();
        }
        catch (ColbertException)
        {
            // A folder that is broken or not there: running the command reports it.
            return new Dictionary<string, string>();
        }
    }

    private static ColbertSettings? SettingsOf(string commandName, IDictionary bound)
    {
        object? given = Wrapped.Bare(bound["Model"] ?? bound["Path"] ?? bound["LiteralPath"]);
        if (given is ColbertModel model) return model.Settings;
        if (given is ColbertModelFolder folder) return ColbertModel.ReadSettings(folder.Path);
        // Files of texts, for a command that takes those too.
        bool opens = commandName is "Import-ColbertModel" or "Export-ColbertModel";
        string? name = (opens ? given : Wrapped.Bare(bound["Model"])) switch
        {
            string text => text,
            FileSystemInfo item => item.FullName,
            _ => null,
        };
        if (name is null) return opens ? null : OpenModels.FindOpen(null)?.Settings;
        if (OpenModels.FindNamed(name) is { } open && !opens) return open.Settings;
        if (!Directory.Exists(name)) return null;
        return commandName == "Export-ColbertModel" ? ColbertExporter.ReadSettings(name) : ColbertModel.ReadSettings(name);
    }
}
