using System.Management.Automation;
using ColbertOnnx.Embeddings;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Reads embeddings of files and folders, streaming.</summary>
[Cmdlet(VerbsData.Import, "ColbertEmbedding", DefaultParameterSetName = "Path")]
[OutputType(typeof(ColbertEmbedding))]
public sealed class ImportColbertEmbeddingCommand : ColbertCmdlet
{
    private volatile bool isStopped;
    private EmbeddingReaderOptions? options;

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TextPath { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? IdProperty { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    [Parameter]
    public SwitchParameter Quoted { get; set; }

    [Parameter]
    public TextKind Kind { get; set; } = TextKind.Document;

    private protected override void Begin() => options = new EmbeddingReaderOptions
    {
        Texts = TextPath is null ? null : Paths.Literal(TextPath),
        TextOptions = TextFiles.Options(TextProperty, Delimiter, NoHeader, Quoted, hasIds: true, IdProperty),
        Kind = Kind,
        Notice = Out.WriteWarning,
    };

    private protected override void Record()
    {
        foreach (string file in Files(LiteralPath, Path)) Attempt(() => Read(file), file);
    }

    private protected override void Stop() => isStopped = true;

    private void Read(string file)
    {
        foreach (ColbertEmbedding embedding in ColbertEmbeddingFile.Read(file, options!))
        {
            if (isStopped) throw new PipelineStoppedException();
            Out.WriteObject(embedding);
        }
    }
}
