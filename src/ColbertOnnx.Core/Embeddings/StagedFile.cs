using ColbertOnnx.IO;
namespace ColbertOnnx.Embeddings;

/// <summary>What all formats share that are one file.</summary>
internal abstract class StagedFile : StagedWriter
{
    protected StagedFile(string target, EmbeddingWriterOptions options, Func<Stream, Stream>? through)
        : base(Free(target, options), options, PlacesOf(target)[0], through)
    {
    }

    protected override void RefuseExisting() => Free(Target, new EmbeddingWriterOptions { Force = Force });

    protected override ManifestOutput Sum(string path) => OutputSum.OfFile(path, Path.GetFileName(Target));

    protected override void Place(string path) => File.Move(path, Target, Force);

    private static string Free(string target, EmbeddingWriterOptions options) =>
        !options.Force && File.Exists(target) ? throw OutputGuard.Exists(target) : target;
}
