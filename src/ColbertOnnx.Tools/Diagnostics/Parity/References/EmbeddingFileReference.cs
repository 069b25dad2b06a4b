using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>
/// Embeddings as they are kept (docs/embedding-files.md): npz, a folder of npy, safetensors, JSON Lines; with their texts, in the file or
/// beside it.
/// </summary>
internal sealed class EmbeddingFileReference(string path, string? textPath, TextKind? kind, InputOptions? textOptions) : IReference
{
    private readonly List<string> warnings = [];

    public string Name => Path.GetFileName(path);

    public IReadOnlyList<string> Warnings => warnings;

    public IEnumerable<ReferenceText> Read()
    {
        var options = new EmbeddingReaderOptions { Texts = textPath, TextOptions = textOptions, Kind = kind, Notice = warnings.Add };
        int dimension = 0;
        foreach (StoredEmbedding embedding in ReferenceErrors.Guard(ReferenceErrors.Do(() => EmbeddingReader.Read(path, options))))
        {
            string text = embedding.Text ?? throw ReferenceErrors.Invalid(
                embedding.Location, "there is no text for it.",
                "Name a file with the texts, in the same order, with -ReferenceText (--reference-text).");
            TextKind found = embedding.Kind ?? throw ReferenceErrors.Invalid(
                embedding.Location, "nothing says whether its text is a query or a document.",
                "Say it with -ReferenceKind (--reference-kind), or name arrays doc_000000 and query_000000.");
            if (new ReadOnlySpan<float>(embedding.Values).IndexOfNotFinite() is >= 0 and var at)
                throw ReferenceErrors.Invalid(
                    embedding.Location,
                    FormattableString.Invariant(
                        $"token vector {(at / embedding.Dimension) + 1} has a value that is not finite (NaN or infinity)."),
                    "Find out why the encoder gave it, and make the reference again.");
            if (dimension == 0) dimension = embedding.Dimension;
            else if (embedding.Dimension != 0 && embedding.Dimension != dimension)
                throw ReferenceErrors.Dimension(embedding.Location, embedding.Dimension, dimension, "the texts before it");
            yield return new ReferenceText(text, found, embedding.Values, embedding.Dimension, embedding.Location, embedding.Id);
        }
    }
}
