using System.Management.Automation;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Compares a model with reference vectors, or with another model, text by text and token by token.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ColbertParity", DefaultParameterSetName = "Reference", SupportsShouldProcess = true)]
[OutputType(typeof(ColbertParity), typeof(ColbertTextParity), typeof(bool))]
public sealed class TestColbertParityCommand : ColbertCmdlet
{
    private ColbertParityOptions options = new();
    private WorkProgress? progress;
    private ColbertModel? model, ownReference;
    private ColbertComparison? comparison;
    private TextBinder? binder;
    private string? report;
    private InputOptions? textOptions;

    [Parameter(ParameterSetName = "Reference", Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Reference { get; set; }

    [Parameter(ParameterSetName = "Reference")]
    [ValidateNotNullOrEmpty]
    public string? ReferenceText { get; set; }

    [Parameter(ParameterSetName = "Reference")]
    public TextKind ReferenceKind
    {
        get => Kind ?? TextKind.Document;
        set => Kind = value;
    }

    [Parameter(ParameterSetName = "Model", Mandatory = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? ReferenceModel { get; set; }

    [Parameter(ParameterSetName = "Model", ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Document { get; set; }

    [Parameter(ParameterSetName = "Model")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Query { get; set; }

    [Parameter(ParameterSetName = "Model")]
    [Parameter(ParameterSetName = "Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter(ParameterSetName = "Reference")]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    [Parameter(ParameterSetName = "Reference")]
    public SwitchParameter NoHeader { get; set; }

    [Parameter(ParameterSetName = "Reference")]
    public SwitchParameter Quoted { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

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
    [ValidateRange(0.0, double.MaxValue)]
    public double Tolerance
    {
        get => options.Tolerance ?? 0;
        set => options = options with { Tolerance = value };
    }

    [Parameter]
    [ValidateRange(0, 10_000)]
    public int Worst
    {
        get => options.Worst;
        set => options = options with { Worst = value };
    }

    [Parameter]
    public SwitchParameter Detailed { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private TextKind? Kind { get; set; }

    private protected override void Begin()
    {
        if (Detailed && Quiet)
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "-Detailed gives each text, -Quiet only the answer.", null, "Leave one of them out.");
        textOptions = TextFiles.Options(TextProperty, Delimiter, NoHeader, Quoted);
        if (ReportPath is not null) ColbertReport.Check(report = Paths.Literal(ReportPath), Force);
        if (report is not null)
            OutputTarget.RefuseInputs(report, new[] { Reference, ReferenceText }.OfType<string>().Select(Paths.Literal));
        model = Noted(ModelArgument.Resolve(Model, Paths));
        progress = new WorkProgress(Out.WriteProgress, "Comparing with the reference");
        if (ReferenceModel is null) return;
        binder = new TextBinder(TextProperty, null);
        comparison = new ColbertComparison(model, ResolveReference(), options, Accept, Report, StopToken);
        // An empty pipeline is no wish for texts of our own.
        if (!IsGiven(nameof(Query)) && !IsGiven(nameof(Document)) && !MyInvocation.ExpectingInput) AddSamples();
        foreach (object? item in Items(nameof(Query), Query)) AddItem(item, TextKind.Query);
    }

    private protected override void Record()
    {
        if (comparison is null) return;
        foreach (object? item in Items(nameof(Document), Document)) AddItem(item, TextKind.Document);
    }

    private protected override void End()
    {
        ColbertParity parity = comparison?.Complete() ?? Compare();
        progress!.End();
        foreach (string warning in parity.Warnings.Except(model!.Warnings)) Out.WriteWarning(warning);
        if (Quiet) Out.WriteObject(parity.Passed);
        else if (!Detailed) Out.WriteObject(parity);
        if (report is not null && Out.ShouldProcess(report, "Write report")) ColbertReport.Write(report, parity, Force);
        if (!Quiet && parity.Miss() is { } miss) WriteFailure(miss, parity);
    }

    private protected override void Dispose(bool disposing)
    {
        comparison?.Dispose();
        ownReference?.Dispose();
    }

    private ColbertParity Compare() => ColbertReference.Compare(
        model!, Paths.Literal(Reference!), options, ReferenceText is null ? null : Paths.Literal(ReferenceText), Kind, textOptions, Accept,
        Report, progress, StopToken);

    private void Accept(ColbertTextParity text)
    {
        if (Detailed) Out.WriteObject(text);
    }

    private void Report(ColbertException error, string location) => WriteFailure(error, location);

    private void AddSamples()
    {
        foreach (string text in ColbertReference.SampleQueries) AddItem(text, TextKind.Query);
        foreach (string text in ColbertReference.SampleDocuments) AddItem(text, TextKind.Document);
    }

    private void AddItem(object? item, TextKind kind)
    {
        ColbertText text = default;
        if (!Attempt(() => text = binder!.Bind(item), item)) return;
        comparison!.Add(text.Text, kind, text.Id);
        progress!.Show(comparison.Done);
    }

    /// <summary>A folder whose only open model is the one that is compared is opened once more, as its files say.</summary>
    private ColbertModel ResolveReference()
    {
        ColbertModel found = ModelArgument.Resolve(ReferenceModel, Paths);
        if (!ReferenceEquals(found, model)) return Noted(found);
        return Wrapped.Bare(ReferenceModel) is ColbertModel ? found : ownReference = ColbertModel.Load(found.Path);
    }
}
