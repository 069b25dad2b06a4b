using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Lists what a model can be run on, whether this machine has it, and why not.</summary>
[Cmdlet(VerbsCommon.Get, "ColbertExecutionProvider")]
[OutputType(typeof(ColbertExecutionProvider))]
public sealed class GetColbertExecutionProviderCommand : ColbertCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProviderLibrary { get; set; }

    private protected override void End()
    {
        IReadOnlyList<ColbertExecutionProvider> all =
            ColbertRuntime.GetExecutionProviders(ProviderLibrary is null ? null : Paths.Literal(ProviderLibrary));
        foreach (string name in Name)
        {
            WildcardPattern pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            ColbertExecutionProvider[] found = name == "*"
                ? [.. all]
                : [.. all.Where(provider => pattern.IsMatch(provider.Name) || pattern.IsMatch(provider.OnnxRuntimeName))];
            foreach (ColbertExecutionProvider provider in found) Out.WriteObject(provider);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteFailure(new ColbertException(
                    ColbertErrorId.InputInvalid,
                    $"There is no execution provider '{name}'. There are {string.Join(", ", all.Select(provider => provider.Name))}.",
                    name, "Use one of these names."));
            }
        }
    }
}
