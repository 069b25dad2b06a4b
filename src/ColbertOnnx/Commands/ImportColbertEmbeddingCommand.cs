using System.Management.Automation;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Reads embeddings of files and folders, streaming.</summary>
[Cmdlet(VerbsData.Import, "ColbertEmbedding", DefaultParameterSetName = "Path")]
[OutputType(typeof(ColbertEmbedding))]
public sealed class ImportColbertEmbeddingCommand : ColbertCmdlet
{
    private volatile bool isStopped;

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
    public TextKind Kind { get; set; } = TextKind.Document;

    private protected override void Record()
    {
        string? texts = TextPath is null ? null : Paths.Literal(TextPath);
        foreach (string file in Files(LiteralPath, Path)) Attempt(() => Read(file, texts), file);
    }

    private protected override void Stop() => isStopped = true;

    private void Read(string file, string? texts)
    {
        foreach (StoredEmbedding embedding in EmbeddingReader.Read(file, new EmbeddingReaderOptions { Texts = texts, Notice = Out.WriteWarning }))
        {
            if (isStopped) throw new PipelineStoppedException();
            Out.WriteObject(embedding.ToEmbedding(Kind));
        }
    }
}
