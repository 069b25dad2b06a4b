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
        if (options.Texts is { } given) return [OfFile(given, options.TextOptions)];
        if (arrays is NpyFolderArrays && OfFolder(arrays.Path, options.TextOptions) is { Count: > 0 } found) return found;
        if (arrays.Find(ArrayName) is not { } array || !IsIn(array)) return [];
        return [new(
            array.Location,
            array.IsText
                ? Strings(array)
                : JsonLinesEmbeddings.ReadTexts(EmbeddingErrors.Guard(array.Location, array.Open), array.Location))];
    }

    /// <summary>True for an array that holds texts: our bytes of JSON Lines, or NumPy's strings.</summary>
    public static bool IsIn(StoredArray array) =>
        array.Name == ArrayName && array.Rank == 1 && (array.Type == Safetensors.SafetensorsType.U8 || array.IsText);

    public bool Covers(string array) => covers(array);

    /// <summary>What is said about the next array.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: nothing, or about another one.</exception>
    public StoredText Next(string array, string location)
    {
        if (!texts.MoveNext())
            throw EmbeddingErrors.Invalid(
                location, $"'{source}' has {ShownText.Count(count, "text")}, and here is one more embedding.",
                "Give a text for each embedding, in the same order.");
        count++;
        if (texts.Current.Name is { } name && name != array)
            throw EmbeddingErrors.Invalid(
                location, $"'{texts.Current.Location}' speaks of '{name}' in its place.", "Keep the texts in the order of the embeddings.");
        return texts.Current;
    }

    /// <summary>All arrays were seen.</summary>
    public void End()
    {
        if (texts.MoveNext())
            throw EmbeddingErrors.Invalid(
                texts.Current.Location, FormattableString.Invariant($"there are only {count} embeddings, and here is one more text."),
                "Give a text for each embedding, in the same order.");
    }

    public void Dispose() => texts.Dispose();

    private static List<TextSource> OfFolder(string path, InputOptions? options)
    {
        List<TextSource> found = [];
        foreach (TextKind kind in Enum.GetValues<TextKind>())
        {
            string file = Path.Combine(path, FileOf(kind));
            if (File.Exists(file))
                found.Add(new(
                    file, JsonLinesEmbeddings.ReadTexts(InputReader.Open(EmbeddingErrors.Regular(file)), file),
                    name => name.StartsWith(NpyFormat.PrefixOf(kind), StringComparison.Ordinal)));
        }

        if (found.Count > 0) return found;
        string? general = new[] { ".jsonl", ".json", ".txt", ".csv", ".tsv" }.Select(extension => Path.Combine(path, ArrayName + extension))
            .FirstOrDefault(File.Exists);
        return general is null ? [] : [OfFile(EmbeddingErrors.Regular(general), options)];
    }

    private static IEnumerable<StoredText> Strings(StoredArray array)
    {
        using var strings = new IdCursor(array);
        for (long i = 0; i < array.ElementCount; i++)
            yield return new StoredText(FormattableString.Invariant($"{array.Location}[{i}]")) { Text = strings.Read() };
    }

    /// <summary>Those of a file that holds texts alone.</summary>
    public static TextSource OfFile(string path, InputOptions? options)
    {
        InputReader.Check(path);
        return new TextSource(path, InputReader.ReadFile(path, options ?? new InputOptions())
            .Select(item => item.Error is null ? new StoredText(item.Location) { Id = item.Id, Text = item.Text } : throw item.Error));
    }
}
