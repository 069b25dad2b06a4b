using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using ColbertOnnx.Inputs;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Encodes texts in the order they come, streaming: the results of early texts leave while late ones still come.</summary>
[Cmdlet(VerbsData.ConvertTo, "ColbertEmbedding", DefaultParameterSetName = "DocumentText")]
[OutputType(typeof(ColbertEmbedding))]
public sealed class ConvertToColbertEmbeddingCommand : ColbertCmdlet
{
    private ColbertEncodeStream? stream;
    private TextBinder? binder;
    private WorkProgress? progress;
    private ColbertModel? model;
    private long began;
    private long encoded;
    private long truncated;
    private long vectors;
    private long? total;

    // Not mandatory: PowerShell would ask for the value of a switch. Begin says what is missing instead.
    [Parameter(ParameterSetName = "QueryText")]
    [Parameter(ParameterSetName = "QueryPath")]
    [Parameter(ParameterSetName = "QueryLiteralPath")]
    public SwitchParameter Query { get; set; }

    [Parameter(ParameterSetName = "DocumentText")]
    [Parameter(ParameterSetName = "DocumentPath")]
    [Parameter(ParameterSetName = "DocumentLiteralPath")]
    public SwitchParameter Document { get; set; }

    [Parameter(ParameterSetName = "QueryText", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "DocumentText", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Body", "Content")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Text { get; set; }

    [Parameter(ParameterSetName = "QueryPath", Mandatory = true)]
    [Parameter(ParameterSetName = "DocumentPath", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "QueryLiteralPath", Mandatory = true)]
    [Parameter(ParameterSetName = "DocumentLiteralPath", Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = "QueryPath")]
    [Parameter(ParameterSetName = "DocumentPath")]
    [Parameter(ParameterSetName = "QueryLiteralPath")]
    [Parameter(ParameterSetName = "DocumentLiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Shard { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? IdProperty { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(PromptNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? PromptName { get; set; }

    [Parameter]
    [AllowEmptyString]
    public string? Prompt { get; set; }

    [Parameter]
    public SwitchParameter IncludeToken { get; set; }

    private TextKind Kind => Query ? TextKind.Query : TextKind.Document;

    private protected override void Begin()
    {
        if (!Query && !Document)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "Queries and documents are encoded differently, and nobody said which these are.", null,
                "Add -Query or -Document.");
        }

        // Not mandatory either: with -Query alone PowerShell would only say that it cannot choose a parameter set.
        if (Text is null && Path.Length + LiteralPath.Length == 0 && !MyInvocation.ExpectingInput && !IsGiven(nameof(Text)))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "There is no text to encode.", null,
                "Give texts behind the switch or through the pipeline, or files with -Path.");

        model = Noted(ModelArgument.Resolve(Model, Paths));
        binder = new TextBinder(TextProperty, IdProperty);
        began = Stopwatch.GetTimestamp();
        progress = new WorkProgress(Out.WriteProgress, Query ? "Encoding queries" : "Encoding documents");
        var options = new ColbertEncodeOptions { IncludeTokens = IncludeToken, PromptName = PromptName, Prompt = Prompt };
        stream = model.OpenStream(Kind, options);
        foreach (string warning in stream.Warnings) Out.WriteWarning(warning);
    }

    private protected override void Record()
    {
        if (Shard is not null)
        {
            // Without a file of it, the parts would be those of another input.
            string[] all = [.. LiteralPath.Select(path => Paths.Literal(path)), .. Path.SelectMany(path => Paths.Matching(path))];
            AddParts(all, ColbertShard.Parse(Shard));
            return;
        }

        string[] files = [.. Files(LiteralPath, Path)];
        object[] items = Path.Length + LiteralPath.Length == 0 ? Text ?? [null!] : [];
        // How much the pipeline still brings is unknown.
        if (!MyInvocation.ExpectingInput) total = files.Length + items.Length;
        foreach (string file in files) AddFile(file);
        AddItems(items);
    }

    private protected override void End()
    {
        stream!.Finish(Emit);
        progress!.End();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Out.WriteVerbose(string.Create(
            CultureInfo.InvariantCulture,
            $"{ShownText.Count(encoded, "text")} gave {ShownText.Count(vectors, "token vector")} in {seconds:0.00} s, "
                + $"{encoded / seconds:0.#} texts/s."));
        if (truncated == 0) return;
        int limit = Query ? model!.QueryLength : model!.DocumentLength;
        Out.WriteWarning(string.Create(
            CultureInfo.InvariantCulture,
            $"{truncated} of {ShownText.Count(encoded, "text")} cut to the {limit} tokens that the model takes (IsTruncated). "
                + $"Import-ColbertModel {(Query ? "-QueryLength" : "-DocumentLength")} sets the limit."));
    }

    private protected override void Stop() => stream?.Cancel();

    private protected override void Dispose(bool disposing) => stream?.Dispose();

    private void AddItems(IEnumerable items)
    {
        foreach (object? item in items)
        {
            ColbertText text = default;
            if (Wrapped.Bare(item) is FileInfo file && ParquetAddOn.IsParquet(file.Name)) AddRows(file.FullName);
            else if (Attempt(() => text = binder!.Bind(item), item)) Add(text);
        }
    }

    /// <summary>A file that is one text belongs to the shard in which it begins.</summary>
    private void AddParts(string[] files, ColbertShard shard)
    {
        foreach (InputPart part in InputReader.Divide(files, shard))
        {
            if (ParquetAddOn.IsParquet(part.Path)) AddRows(part.Path, part);
            else if (part.IsBeginning) AddFile(part.Path);
        }
    }

    private void AddFile(string path)
    {
        ColbertText text = default;
        if (ParquetAddOn.IsParquet(path))
        {
            AddRows(path);
            return;
        }

        if (Attempt(() => text = new ColbertText(Content(path), path, new FileInfo(path)), path)) Add(text);
    }

    private string Content(string path) =>
        TextProperty is null && IdProperty is null ? InputReader.ReadText(path) : throw new ColbertException(
            ColbertErrorId.InputInvalid, $"{path}: the file is one text; -TextProperty and -IdProperty name columns of Parquet files.",
            path, "Leave them out.");

    /// <summary>A text for each row; their count is unknown before the end.</summary>
    private void AddRows(string path, InputPart? part = null)
    {
        total = null;
        InputOptions options = TextFiles.Options(TextProperty, null, false, false, hasIds: true, IdProperty);
        Attempt(() =>
        {
            foreach (InputItem item in part is { } own ? InputReader.ReadPart(own, options) : InputReader.ReadFile(path, options))
            {
                StopToken.ThrowIfCancellationRequested();
                if (item.Error is null) Add(new ColbertText(item.Text, item.Id, item.Location));
                else WriteFailure(item.Error, item.Location);
            }
        }, path);
    }

    private void Add(in ColbertText text) => stream!.Push(text, Emit);

    private void Emit(ColbertEncodeResult result)
    {
        if (result.Embedding is not { } embedding)
        {
            WriteFailure(result.Error!, result.Input.Source);
            return;
        }

        encoded++;
        vectors += embedding.TokenCount;
        if (embedding.IsTruncated) truncated++;
        progress!.Show(encoded, total);
        Out.WriteObject(embedding);
    }
}
