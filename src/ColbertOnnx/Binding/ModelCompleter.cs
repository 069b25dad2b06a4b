using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// What a model may be called: for -Model the open ones and the embedded one, wherever models are opened the names in the hub's cache, and
/// folders.
/// </summary>
public sealed class ModelCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        return Names(commandName, parameterName, word)
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Completion.Quoted(name), name, CompletionResultType.ParameterValue, name))
            .Concat(Completion.Files(wordToComplete).Where(file => file.ResultType == CompletionResultType.ProviderContainer));
    }

    private static IEnumerable<string> Names(string commandName, string parameterName, string word)
    {
        // A path that was begun is not a name.
        if (word.StartsWith('.') || word.StartsWith('~') || word.StartsWith('/') || word.Contains('\\', StringComparison.Ordinal))
            return [];
        IEnumerable<string> open = parameterName == "Model" ? OpenModels.All.Select(model => model.Name).Reverse() : [];
        string[] embedded = commandName == "Export-ColbertModel" ? [] : [ColbertModel.EmbeddedName];
        return [.. open, .. embedded, .. Cached()];
    }

    private static IEnumerable<string> Cached()
    {
        try
        {
            return ColbertHub.GetCachedNames();
        }
        catch (ColbertException)
        {
            // A variable is wrong: the cmdlet will say so, a completion is silent.
            return [];
        }
    }
}
