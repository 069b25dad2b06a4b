using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Measures how fast a model encodes here, beside the raw session loop, and compares it with a stored result.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ColbertThroughput", DefaultParameterSetName = "Generated", SupportsShouldProcess = true)]
[OutputType(typeof(ColbertThroughput), typeof(string))]
public sealed class MeasureColbertThroughputCommand : ColbertCmdlet
{
    private readonly List<string> texts = [];
    private ColbertBenchmarkOptions options = new() { Source = "pipeline" };
    private ThroughputBaseline? stored;
    private string? report;
    private InputOptions? format;
    private bool isGiven;
    private int files;

    [Parameter(ParameterSetName = "Text", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Body", "Content")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Text { get; set; }

    [Parameter(ParameterSetName = "Path", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = "Text")]
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter NoHeader { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter Quoted { get; set; }

    [Parameter(ParameterSetName = "Generated")]
    [ValidateRange(1, int.MaxValue)]
    public int TokenCount
    {
        get => options.TokenCount ?? 0;
        set => options = options with { TokenCount = value };
    }

    [Parameter(ParameterSetName = "Generated")]
    [ValidateRange(1, int.MaxValue)]
    public int Count
    {
        get => options.Count;
        set => options = options with { Count = value };
    }

    [Parameter(ParameterSetName = "Generated")]
    public int Seed
    {
        get => options.Seed;
        set => options = options with { Seed = value };
    }

    [Parameter]
    public SwitchParameter Query { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public bool[] Quantized
    {
        get => [.. options.Quantized];
        set => options = options with { Quantized = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] Sessions
    {
        get => [.. options.Sessions];
        set => options = options with { Sessions = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] ThreadsPerSession
    {
        get => [.. options.ThreadsPerSession];
        set => options = options with { ThreadsPerSession = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] BatchSize
    {
        get => [.. options.BatchSizes];
        set => options = options with { BatchSizes = value };
    }

    [Parameter]
    [ArgumentCompleter(typeof(ProviderNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExecutionProvider
    {
        get => [.. options.ExecutionProviders];
        set => options = options with { ExecutionProviders = value };
    }

    [Parameter]
    [ValidateNotNull]
    public Hashtable? ProviderOption { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProviderLibrary { get; set; }

    [Parameter]
    public SwitchParameter RequireProvider { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int QueryLength { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int DocumentLength { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Repeat
    {
        get => options.Repeat;
        set => options = options with { Repeat = value };
    }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Baseline { get; set; }

    [Parameter]
    [ValidateRange(0.0, 0.999)]
    public double Tolerance { get; set; } = 0.1;

    [Parameter]
    public SwitchParameter AsJson { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Begin()
    {
        if (ReportPath is not null) ColbertReport.Check(report = Paths.Literal(ReportPath), Force);
        format = TextFiles.Options(TextProperty, Delimiter, NoHeader, Quoted);
        if (report is not null && Baseline is not null) OutputTarget.RefuseInputs(report, Paths.Literal(Baseline));
        if (Baseline is not null) stored = ThroughputBaseline.Read(Paths.Literal(Baseline));
        // An empty pipeline, or a pattern that matches nothing, is no wish for generated texts.
        isGiven = MyInvocation.ExpectingInput || IsGiven(nameof(Text)) || Path.Length + LiteralPath.Length > 0;
    }

    private protected override void Record()
    {
        foreach (string file in Files(LiteralPath, Path))
        {
            if (report is not null) OutputTarget.RefuseInputs(report, file);
            AddFile(file);
        }

        if (Path.Length + LiteralPath.Length > 0 || !isGiven) return;
        var binder = new TextBinder(TextProperty, null);
        foreach (object? item in Text ?? [null!]) Attempt(() => Add(binder.Bind(item).Text), item);
    }

    private protected override void End()
    {
        (string? path, ColbertModelOptions model) = (null, new());
        // One of the hub is fetched with the graphs that are asked for.
        foreach (bool quantized in options.Quantized.DefaultIfEmpty())
            (path, model) = ModelArgument.ResolveClosed(Model, Paths, quantized);
        if (QueryLength > 0) model = model with { QueryLength = QueryLength };
        if (DocumentLength > 0) model = model with { DocumentLength = DocumentLength };
        model = ProviderOptions.AddTo(model, ProviderOption, ProviderLibrary, RequireProvider, Paths);
        options = options with { Model = model, Kind = Query ? TextKind.Query : TextKind.Document };
        IReadOnlyList<ColbertThroughput> results = Measure(path);

        foreach (string warning in results.SelectMany(result =>
            result.Warnings.Select(warning => $"{result.Configuration.Model}: {warning}")).Distinct())
            Out.WriteWarning(warning);
        foreach (ColbertThroughput result in results) Out.WriteObject(AsJson ? result.ToJson() : result);
        if (report is not null && Out.ShouldProcess(report, "Write report")) ColbertReport.Write(report, results, Force);
        foreach (ColbertThroughput result in results)
        {
            if (stored?.Check(result, Tolerance) is { } error) WriteFailure(error, result);
        }
    }

    private IReadOnlyList<ColbertThroughput> Measure(string? path)
    {
        var progress = new WorkProgress(Out.WriteProgress, "Measuring throughput");
        try
        {
            return ColbertBenchmark.Measure(path, isGiven ? texts : null, options, progress, StopToken);
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>A file of texts in any format, as the command takes it; the name says which one.</summary>
    private void AddFile(string path)
    {
        options = options with
        {
            Source = ++files == 1 ? System.IO.Path.GetFileName(path) : string.Create(CultureInfo.InvariantCulture, $"{files} files"),
        };
        Attempt(() =>
        {
            foreach (InputItem item in InputReader.ReadFile(path, format!))
            {
                if (item.Error is null) texts.Add(item.Text);
                else WriteFailure(item.Error, item.Location);
            }
        }, path);
    }

    private void Add(string text)
    {
        InputReader.CheckText(text);
        texts.Add(text);
    }
}
