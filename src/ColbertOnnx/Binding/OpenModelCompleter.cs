using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>Names of the open models.</summary>
public sealed class OpenModelCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        OpenModels.All
            .Where(model => model.Name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .DistinctBy(model => model.Name)
            .Select(model => new CompletionResult(
                Completion.Quoted(model.Name), model.Name, CompletionResultType.ParameterValue, model.Path));
}
