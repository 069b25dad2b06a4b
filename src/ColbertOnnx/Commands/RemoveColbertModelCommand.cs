using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Closes models and frees their memory.</summary>
[Cmdlet(VerbsCommon.Remove, "ColbertModel", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveColbertModelCommand : ColbertCmdlet
{
    [Parameter(ParameterSetName = "Name", Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OpenModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = "Model", Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ColbertModel[] Model { get; set; } = [];

    private protected override void Record()
    {
        foreach (ColbertModel model in Model) Remove(model);
        foreach (string name in Name)
        {
            ColbertModel[] found = ModelNames.Matching(name);
            foreach (ColbertModel model in found) Remove(model);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteFailure(ModelNames.NotOpen(name));
        }
    }

    private void Remove(ColbertModel model)
    {
        if (Out.ShouldProcess(model.Path, "Remove ColBERT model")) OpenModels.Remove(model);
    }
}
