using System.Management.Automation;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Writes what a model gives today, to compare with later.</summary>
[Cmdlet(VerbsCommon.New, "ColbertReference", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class NewColbertReferenceCommand : ColbertCmdlet
{
    private TextBinder? binder;
    private WorkProgress? progress;
    private ReferenceWriter? writer;
    private ColbertEncodeStream? stream;
    private ColbertModel? model;
    private string target = "";
    private long written;

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Document { get; set; }

    [Parameter]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Query { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Begin()
    {
        target = Paths.Literal(Destination);
        ReferenceWriter.Check(target, Force);
        if (!Out.ShouldProcess(target, "Write reference")) return;
        model = Noted(ModelArgument.Resolve(Model, Paths));
        binder = new TextBinder(TextProperty, null);
        progress = new WorkProgress(Out.WriteProgress, "Writing the reference");
        writer = new ReferenceWriter(target, model, Force);
        // An empty pipeline is no wish for texts of our own.
        bool hasNone = !IsGiven(nameof(Query)) && !IsGiven(nameof(Document)) && !MyInvocation.ExpectingInput;
        AddAll(hasNone ? [.. ColbertReference.SampleQueries] : Items(nameof(Query), Query), TextKind.Query);
        if (hasNone) AddAll([.. ColbertReference.SampleDocuments], TextKind.Document);
    }

    private protected override void Record()
    {
        if (writer is null) return;
        foreach (object? item in Items(nameof(Document), Document)) Add(item, TextKind.Document);
    }

    private protected override void End()
    {
        if (writer is null) return;
        EndKind();
        progress!.End();
        writer.Complete();
        (string tensors, string json) = ReferenceWriter.Pair(target);
        foreach (string file in (string[])[tensors, json]) Out.WriteObject(new FileInfo(file));
    }

    private protected override void Stop() => stream?.Cancel();

    private protected override void Dispose(bool disposing)
    {
        stream?.Dispose();
        writer?.Dispose();
    }

    private void AddAll(object?[] items, TextKind kind)
    {
        foreach (object? item in items) Add(item, kind);
        EndKind();
    }

    // A reference without some of its texts would be another one: the first bad text ends it.
    private void Add(object? item, TextKind kind)
    {
        StopToken.ThrowIfCancellationRequested();
        stream ??= model!.OpenStream(kind);
        stream.Push(binder!.Bind(item).Text, Write);
    }

    private void EndKind()
    {
        if (stream is null) return;
        stream.Finish(Write);
        stream.Dispose();
        stream = null;
    }

    private void Write(ColbertEncodeResult result)
    {
        writer!.Write(result.GetEmbedding());
        progress!.Show(++written);
    }
}
