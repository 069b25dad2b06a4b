using ColbertOnnx.Embeddings.Arrays;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>Ids and texts that lie beside the arrays, in the same order: taken array by array.</summary>
internal sealed class TextSource : IDisposable
{
    /// <summary>Name of the array that holds them in npz and safetensors: bytes of JSON Lines.</summary>
    public const string ArrayName = "texts";

    private readonly string source;
    private readonly IEnumerator<StoredText> texts;
    private readonly Func<string, bool> covers;
    private long count;

    private TextSource(string source, IEnumerable<StoredText> texts, Func<string, bool>? covers = null)
    {
        this.source = source;
        this.texts = texts.GetEnumerator();
        this.covers = covers ?? (_ => true);
    }

    /// <summary>Name of the file with the texts of a kind in a folder: "doc_texts.jsonl".</summary>
    public static string FileOf(TextKind kind) => $"{NpyFormat.PrefixOf(kind)}{ArrayName}.jsonl";

    /// <summary>Those that belong to a file of arrays; empty where there are none.</summary>
    public static IReadOnlyList<TextSource> Of(IArrayFile arrays, EmbeddingReaderOptions options)
    {
        if (options.Texts is { } given) return [OfFile(given)];
        if (arrays is NpyFolderArrays) return OfFolder(arrays.Path);
        if (arrays.Find(ArrayName) is { Type: Safetensors.SafetensorsType.U8, Rank: 1 } array) return [new(array.Location, JsonLinesEmbeddings.ReadTexts(EmbeddingErrors.Guard(array.Location, array.Open), array.Location))];
        return [];
    }

    public bool Covers(string array) => covers(array);

    /// <summary>What is said about the next array.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: nothing, or about another one.</exception>
    public StoredText Next(string array, string location)
    {
        if (!texts.MoveNext()) throw EmbeddingErrors.Invalid(location, FormattableString.Invariant($"'{source}' has {count} texts, and here is one more embedding."), "Give a text for each embedding, in the same order.");
        count++;
        if (texts.Current.Name is { } name && name != array)
            throw EmbeddingErrors.Invalid(location, $"'{texts.Current.Location}' speaks of '{name}' in its place.", "Keep the texts in the order of the embeddings.");
        return texts.Current;
    }

    /// <summary>All arrays were seen.</summary>
    public void End()
    {
        if (texts.MoveNext()) throw EmbeddingErrors.Invalid(texts.Current.Location, FormattableString.Invariant($"there are only {count} embeddings, and here is one more text."), "Give a text for each embedding, in the same order.");
    }

    public void Dispose() => texts.Dispose();

    private static List<TextSource> OfFolder(string path)
    {
        List<TextSource> found = [];
        foreach (TextKind kind in Enum.GetValues<TextKind>())
        {
            string file = Path.Combine(path, FileOf(kind));
            if (File.Exists(file)) found.Add(new(file, JsonLinesEmbeddings.ReadTexts(InputReader.Open(file), file), name => name.StartsWith(NpyFormat.PrefixOf(kind), StringComparison.Ordinal)));
        }

        if (found.Count > 0) return found;
        string? general = new[] { ".jsonl", ".json", ".txt", ".csv", ".tsv" }.Select(extension => Path.Combine(path, ArrayName + extension)).FirstOrDefault(File.Exists);
        return general is null ? [] : [OfFile(general)];
    }

    private static TextSource OfFile(string path)
    {
        InputReader.Check(path);
        return new TextSource(path, InputReader.ReadFile(path, new InputOptions())
            .Select(item => item.Error is null ? new StoredText(item.Location) { Id = item.Id, Text = item.Text } : throw item.Error));
    }
}
