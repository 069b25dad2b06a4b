using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>Names of execution providers, whether this machine has them or not: asking it would take too long for a key.</summary>
public sealed class ProviderNameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ColbertRuntime.ProviderNames
            .Where(name => name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name));
}
