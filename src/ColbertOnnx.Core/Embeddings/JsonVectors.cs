using System.Text.Json;

namespace ColbertOnnx.Embeddings;

/// <summary>Collects the vectors of one line of JSON: [[…], …], all of one dimension.</summary>
internal sealed class JsonVectors
{
    private float[] values = new float[4096];
    private float[]? scales;
    private int count;
    private int width = -1;
    private bool isGiven;

    public void Clear()
    {
        count = 0;
        width = -1;
        scales = null;
        isGiven = false;
    }

    /// <summary>Reads from the bracket on which the reader stands to the one that closes it.</summary>
    public void Read(ref Utf8JsonReader json, string location)
    {
        count = 0;
        width = -1;
        if (json.TokenType != JsonTokenType.StartArray) throw NoMatrix(location);
        isGiven = true;
        for (int row = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; row++)
        {
            int before = count;
            ReadRow(ref json, location, row);
            if (width < 0) width = count - before;
            if (count - before != width)
                throw EmbeddingErrors.Invalid(
                    location, $"row {row} has {ShownText.Count(count - before, "element")}, the rows before it {width}.",
                    "Give rows of one length.");
        }
    }

    public void ReadScales(ref Utf8JsonReader json, string location)
    {
        List<float> found = [];
        if (json.TokenType != JsonTokenType.StartArray) throw EmbeddingErrors.Invalid(location, "'scale' is not a list of numbers.");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) found.Add(Number(ref json, location, found.Count));
        scales = [.. found];
    }

    /// <summary>The rows as float32, for a line that says this about itself.</summary>
    public StoredEmbedding Take(StoredText text)
    {
        string location = text.Location;
        if (!isGiven)
            throw EmbeddingErrors.Invalid(
                location, "there is no 'embedding'.", "Give a list of rows in 'embedding', as colbert encode writes it.");
        int wide = Math.Max(width, 0), rows = wide == 0 ? 0 : count / wide;
        EmbeddingType type = text.Type ?? EmbeddingType.Float32;
        int dimension = type == EmbeddingType.Binary || wide == 0 ? text.Dimension ?? wide : wide;
        if (dimension < 0
            || (rows > 0
            && PackedVectors.RowBytes(EmbeddingType.Int8, wide) != (type == EmbeddingType.Binary
                ? PackedVectors.RowBytes(type, dimension)
                : text.Dimension ?? wide)))
            throw EmbeddingErrors.Invalid(
                location, $"it says dimension {text.Dimension}, and its rows have {ShownText.Count(wide, "element")}.");
        if (text.Tokens is { } tokens && tokens != rows)
            throw EmbeddingErrors.Invalid(
                location, $"it says that it has {ShownText.Count(tokens, "token")}, and has {ShownText.Count(rows, "row")}.");
        Span<float> all = values.AsSpan(0, count);
        switch (type)
        {
            case EmbeddingType.Float16:
                foreach (ref float value in all) value = (float)(Half)value;
                break;
            case EmbeddingType.Int8:
                if (scales?.Length != rows)
                    throw EmbeddingErrors.Invalid(
                        location, $"it has {ShownText.Count(scales?.Length ?? 0, "scale")} for {ShownText.Count(rows, "row")}.");
                for (int row = 0; row < rows; row++) PackedVectors.Scale(all.Slice(row * wide, wide), scales[row]);
                break;
            case EmbeddingType.Binary:
                EmbeddingErrors.CheckSize((long)rows * dimension, location);
                return text.With(PackedVectors.FromBits(all, rows, dimension), dimension, location);
        }

        return text.With(all.ToArray(), dimension, location);
    }

    private void ReadRow(ref Utf8JsonReader json, string location, int row)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw NoMatrix(location);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (count == values.Length)
            {
                EmbeddingErrors.CheckSize(count * 2L, location);
                Array.Resize(ref values, count * 2);
            }

            values[count++] = Number(ref json, location, row);
        }
    }

    private static float Number(ref Utf8JsonReader json, string location, int row)
    {
        float value = 0;
        if (json.TokenType != JsonTokenType.Number || !json.TryGetSingle(out value) || !float.IsFinite(value))
            throw EmbeddingErrors.Invalid(
                location, FormattableString.Invariant($"row {row} holds something that is not a finite number."),
                "Give numbers of float32.");
        return value;
    }

    private static ColbertException NoMatrix(string location) =>
        EmbeddingErrors.Invalid(location, "'embedding' is not a list of rows.", "Give a list of lists: a row of numbers for each token.");
}
