using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Quantizes an exported folder to INT8, or checks one that was.</summary>
[Cmdlet(VerbsCommon.Optimize, "ColbertModel", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ColbertModelFolder))]
[OutputType(typeof(ColbertVerification))]
public sealed class OptimizeColbertModelCommand : ColbertCmdlet
{
    private ColbertQuantizeOptions options = new();

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Verify { get; set; }

    [Parameter]
    [ValidateRange(-1.0, 1.0)]
    public double MinimumCosine
    {
        get => options.MinimumCosine ?? 0;
        set => options = options with { MinimumCosine = value };
    }

    [Parameter]
    [ValidateRange(-1.0, 1.0)]
    public double MinimumMeanCosine
    {
        get => options.MinimumMeanCosine ?? 0;
        set => options = options with { MinimumMeanCosine = value };
    }

    [Parameter]
    public SwitchParameter Force
    {
        get => options.Force;
        set => options = options with { Force = value };
    }

    private protected override void Record() => Attempt(() =>
    {
        foreach (string folder in LiteralPath is not null
            ? [Paths.Literal(LiteralPath)]
            : Paths.Matching(Path, ColbertErrorId.ModelNotFound))
            Optimize(folder);
    }, LiteralPath ?? Path);

    private void Optimize(string folder)
    {
        if (Verify)
        {
            ColbertVerification found = new BackgroundWork(
                Out, $"Checking {folder}",
                StopToken).Run((_, cancellation) => Task.FromResult(ColbertExporter.Verify(folder, cancellation)));
            Out.WriteObject(found);
            if (found.Miss(options.MinimumMeanCosine, options.MinimumCosine, folder) is { } miss) WriteFailure(miss, folder);
            return;
        }

        if (!Out.ShouldProcess(folder, "Quantize to INT8")) return;
        ColbertModelFolder result = new BackgroundWork(Out, $"Quantizing {folder}", StopToken)
            .Run((progress, cancellation) => Task.FromResult(ColbertExporter.Quantize(folder, options, progress, cancellation)));
        foreach (string warning in result.Warnings) Out.WriteWarning(warning);
        Out.WriteObject(result);
    }
}
