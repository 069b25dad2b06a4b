using System.Management.Automation;
using ColbertOnnx.Hub;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Quantizes an exported folder to INT8, or checks one that was.</summary>
[Cmdlet(VerbsCommon.Optimize, "ColbertModel", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ColbertModelFolder))]
[OutputType(typeof(ColbertVerification))]
public sealed class OptimizeColbertModelCommand : ColbertCmdlet
{
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Verify
    {
        get => OnlyVerify;
        set => OnlyVerify = value;
    }

    [Parameter]
    [ValidateRange(-1.0, 1.0)]
    public double MinimumCosine
    {
        get => Options.MinimumCosine ?? 0;
        set => Options = Options with { MinimumCosine = value };
    }

    [Parameter]
    [ValidateRange(-1.0, 1.0)]
    public double MinimumMeanCosine
    {
        get => Options.MinimumMeanCosine ?? 0;
        set => Options = Options with { MinimumMeanCosine = value };
    }

    [Parameter]
    public SwitchParameter Force
    {
        get => Options.Force;
        set => Options = Options with { Force = value };
    }

    internal bool OnlyVerify { get; set; }

    internal ColbertExportOptions Options { get; set; } = new();

    private protected override void Record() => Attempt(() =>
    {
        foreach (string folder in LiteralPath is not null ? [Paths.Literal(LiteralPath)] : Paths.Matching(Path, ColbertErrorId.ModelNotFound)) Optimize(folder);
    }, LiteralPath ?? Path);

    private void Optimize(string folder)
    {
        if (OnlyVerify)
        {
            ColbertVerification found = new HubWork(Out, $"Checking {folder}", StopToken).Run((_, cancellation) => Task.FromResult(ColbertExporter.Verify(folder, cancellation)));
            Out.WriteObject(found);
            if (found.Miss(Options, folder) is { } miss) WriteFailure(miss, folder);
            return;
        }

        if (!Out.ShouldProcess(folder, "Quantize to INT8")) return;
        ColbertModelFolder result = new HubWork(Out, $"Quantizing {folder}", StopToken)
            .Run((progress, cancellation) => Task.FromResult(ColbertExporter.Quantize(folder, Options, new HubSteps(progress), cancellation)));
        foreach (string warning in result.Warnings) Out.WriteWarning(warning);
        Out.WriteObject(result);
    }
}
