using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Lists the models that are open, the one imported last at the end.</summary>
[Cmdlet(VerbsCommon.Get, "ColbertModel")]
[OutputType(typeof(ColbertModel))]
public sealed class GetColbertModelCommand : ColbertCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OpenModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override void End()
    {
        foreach (string name in Name)
        {
            ColbertModel[] found = ModelNames.Matching(name);
            foreach (ColbertModel model in found) Out.WriteObject(model);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteFailure(ModelNames.NotOpen(name));
        }
    }
}
