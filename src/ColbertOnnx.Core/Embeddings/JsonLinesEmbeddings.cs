using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>Embeddings of JSON Lines, a line at a time.</summary>
internal static class JsonLinesEmbeddings
{
    public static IEnumerable<StoredEmbedding> Read(string path)
    {
        using FileStream stream = InputReader.Open(path);
        var lines = new Utf8LineReader(stream, path);
        var rows = new JsonVectors();
        while (Next(lines, rows) is { } embedding) yield return embedding;
    }

    /// <summary>Lines without values: what belongs to arrays that lie elsewhere.</summary>
    public static IEnumerable<StoredText> ReadTexts(Stream stream, string source)
    {
        using Stream owned = stream;
        var lines = new Utf8LineReader(owned, source);
        while (NextText(lines) is { } text) yield return text;
    }

    private static StoredEmbedding? Next(Utf8LineReader lines, JsonVectors rows)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.Trim(" \t\r"u8).IsEmpty) continue;
            rows.Clear();
            return rows.Take(JsonEmbedding.Read(line, lines.Location, rows));
        }

        return null;
    }

    private static StoredText? NextText(Utf8LineReader lines)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
            if (!line.Trim(" \t\r"u8).IsEmpty) return JsonEmbedding.Read(line, lines.Location);
        return null;
    }
}
