using System.Management.Automation;
using ColbertOnnx.Diagnostics.Heatmaps;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.Scoring;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Draws which query token is how near to which document token.</summary>
[Cmdlet(VerbsData.Export, "ColbertHeatmap", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportColbertHeatmapCommand : ColbertCmdlet
{
    private readonly List<ColbertSimilarity> similarities = [];
    private string target = "";
    private bool isWanted;

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = "PairPath", Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)]
    [Parameter(ParameterSetName = "PairLiteralPath", Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter(ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ColbertSimilarity[] InputObject { get; set; } = [];

    [Parameter(ParameterSetName = "PairPath", Mandatory = true)]
    [Parameter(ParameterSetName = "PairLiteralPath", Mandatory = true)]
    [AllowEmptyString]
    public object? Query { get; set; }

    [Parameter(ParameterSetName = "PairPath", Mandatory = true)]
    [Parameter(ParameterSetName = "PairLiteralPath", Mandatory = true)]
    [AllowEmptyString]
    public object[] Document { get; set; } = [];

    [Parameter(ParameterSetName = "PairPath")]
    [Parameter(ParameterSetName = "PairLiteralPath")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        target = Paths.Literal((LiteralPath ?? Path)!);
        HeatmapFile.Check(target, Force);
        isWanted = Out.ShouldProcess(target, "Write heat map");
        if (isWanted && Document.Length > 0) AddPairs();
    }

    private protected override void Record() => similarities.AddRange(InputObject);

    private protected override void End()
    {
        if (!isWanted) return;
        HeatmapFile.Write(target, similarities, Force);
        if (PassThru) Out.WriteObject(new FileInfo(target));
    }

    private void AddPairs()
    {
        TokenSource? tokens = ModelArgument.ResolveTokenSource(Model, Paths);
        ColbertEmbedding query = Resolve(TextKind.Query, [Query])[0];
        foreach (ColbertEmbedding document in Resolve(TextKind.Document, Document))
            similarities.Add(ColbertSimilarity.Of(query, document, tokens));

        IReadOnlyList<ColbertEmbedding> Resolve(TextKind kind, object?[] items) =>
            new EmbeddingArguments(kind, Open).Resolve(items, StopToken);

        ColbertModel Open()
        {
            ColbertModel model = Noted(ModelArgument.Resolve(Model, Paths));
            tokens ??= model.CreateTokenSource();
            return model;
        }
    }
}
