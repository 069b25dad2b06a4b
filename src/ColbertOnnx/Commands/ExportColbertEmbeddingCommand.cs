using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Writes embeddings of the pipeline to one file or folder.</summary>
[Cmdlet(VerbsData.Export, "ColbertEmbedding", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class ExportColbertEmbeddingCommand : ColbertCmdlet
{
    private ColbertEmbeddingFileOptions options = new();
    private ColbertEmbeddingWriter? export;
    private WorkProgress? progress;
    private string target = "";

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ReturnedEmbedding]
    public ColbertEmbedding[] InputObject { get; set; } = [];

    [Parameter]
    public EmbeddingType Type
    {
        get => options.Type ?? default;
        set => options = options with { Type = value };
    }

    [Parameter]
    public SwitchParameter IncludeText
    {
        get => options.IncludeText;
        set => options = options with { IncludeText = value };
    }

    [Parameter]
    public EmbeddingLayout Layout
    {
        get => options.Layout ?? default;
        set => options = options with { Layout = value };
    }

    [Parameter]
    public SwitchParameter Append
    {
        get => options.Append;
        set => options = options with { Append = value };
    }

    [Parameter]
    public SwitchParameter Force
    {
        get => options.Force;
        set => options = options with { Force = value };
    }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        string given = (LiteralPath ?? Path)!;
        target = Paths.Literal(given);
        // The path of a provider has no slash at its end, and there it says that a folder is meant.
        if (System.IO.Path.EndsInDirectorySeparator(given) && !System.IO.Path.EndsInDirectorySeparator(target))
            target += System.IO.Path.DirectorySeparatorChar;
        if (!Out.ShouldProcess(target, options.Append ? "Append embeddings" : "Write embeddings")) return;
        export = new ColbertEmbeddingWriter(target, options);
        progress = new WorkProgress(Out.WriteProgress, "Writing embeddings");
    }

    private protected override void Record()
    {
        if (export is null) return;
        foreach (ColbertEmbedding embedding in InputObject)
        {
            try
            {
                export.Write(embedding);
            }
            catch (ColbertException error) when (error.Id == ColbertErrorId.InferenceFailed)
            {
                // The format cannot hold its numbers: it costs that text.
                WriteFailure(error, embedding);
            }

            progress!.Show(export.Count);
        }
    }

    private protected override void End()
    {
        if (export is null) return;
        export.Complete();
        progress!.End();
        if (PassThru) Out.WriteObject(Directory.Exists(target) ? new DirectoryInfo(target) : new FileInfo(target));
    }

    // A pipeline that is broken off never comes to its end: what was written so far goes away.
    private protected override void Dispose(bool disposing) => export?.Dispose();
}
