using System.Management.Automation;
using System.Management.Automation.Language;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>What completers share.</summary>
internal static class Completion
{
    private const string Harmless = "-_./";

    /// <summary>A word as it must be written in a command.</summary>
    public static string Quoted(string word) => word.All(c => char.IsLetterOrDigit(c) || Harmless.Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";

    public static IEnumerable<CompletionResult> Files(string word) => CompletionCompleters.CompleteFilename(word) ?? [];
}
