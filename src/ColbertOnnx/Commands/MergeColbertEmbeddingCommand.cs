using System.Management.Automation;
using ColbertOnnx.Embeddings;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>One output of those of all shards, or which of them are missing.</summary>
[Cmdlet(VerbsData.Merge, "ColbertEmbedding", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo), ParameterSetName = ["Path", "LiteralPath"])]
[OutputType(typeof(ShardReport), ParameterSetName = ["CheckPath", "CheckLiteralPath"])]
public sealed class MergeColbertEmbeddingCommand : ColbertCmdlet
{
    private readonly List<string> outputs = [];

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "CheckPath", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "CheckLiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter(ParameterSetName = "CheckPath", Mandatory = true)]
    [Parameter(ParameterSetName = "CheckLiteralPath", Mandatory = true)]
    public SwitchParameter Check { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter Force { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter PassThru { get; set; }

    // One that cannot be found is reported with the others that are missing.
    private protected override void Record()
    {
        foreach (string path in LiteralPath) outputs.Add(Paths.Literal(path));
        foreach (string path in Path) outputs.AddRange(Paths.Matching(path));
    }

    private protected override void End()
    {
        var progress = new WorkProgress(Out.WriteProgress, "Merging embeddings");
        if (Check)
        {
            ShardReport found = ColbertMerge.Check(outputs, progress, StopToken);
            progress.End();
            Out.WriteObject(found);
            return;
        }

        string target = Paths.Literal(Destination!);
        // The path of a provider has no slash at its end, and there it says that a folder is meant.
        if (System.IO.Path.EndsInDirectorySeparator(Destination!) && !System.IO.Path.EndsInDirectorySeparator(target))
            target += System.IO.Path.DirectorySeparatorChar;
        if (!Out.ShouldProcess(target, "Merge embeddings")) return;
        foreach (string warning in ColbertMerge.Run(outputs, target, Force, progress, StopToken).Shards.Warnings) Out.WriteWarning(warning);
        progress.End();
        if (PassThru) Out.WriteObject(Directory.Exists(target) ? new DirectoryInfo(target) : new FileInfo(target));
    }
}
