namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>From the elements of an array to the token vectors of a text.</summary>
internal static class MatrixReader
{
    /// <summary>Stored values per row: the last dimension.</summary>
    public static int Width(StoredArray rows)
    {
        long width = rows.Shape[^1];
        if (width > Array.MaxLength) throw rows.Invalid(FormattableString.Invariant($"a row would have {width} elements."));
        return (int)width;
    }

    /// <summary>A whole array as the rows of one text.</summary>
    /// <param name="scales">A factor for each row of int8; null: the values as they are.</param>
    /// <param name="text">What is said about it elsewhere.</param>
    public static StoredEmbedding Read(StoredArray array, StoredArray? scales, StoredText? text)
    {
        if (!array.IsNumeric)
            throw array.Invalid($"its elements are of type {array.TypeName}, not numbers.", "Convert it: a.astype('float32').");
        if (array.Rank != 2)
            throw array.Invalid(
                $"it has the shape {array.ShapeText}; an embedding has two axes, tokens and dimension.",
                "Write a matrix for each text, or one array with offsets.");
        int width = Width(array);
        if (scales is not null && scales.ElementCount != array.Shape[0])
            throw scales.Invalid($"it has {ShownText.Count(scales.ElementCount, "scale")} for {ShownText.Count(array.Shape[0], "row")}.");
        using ArrayCursor cursor = array.Read();
        using ArrayCursor? scaleCursor = scales?.Read();
        float[] values = cursor.Read(array.ElementCount);
        values = Widen(values, width, new RowRange(array.Shape[0]), text?.Type, text?.Dimension, scaleCursor, array.Location);
        int dimension = text?.Type == EmbeddingType.Binary ? text.Dimension!.Value : width;
        if (text?.Dimension is { } said && said != dimension)
            throw array.Invalid(FormattableString.Invariant($"'{text.Location}' says dimension {said}, and the array has {dimension}."));
        return (text ?? new StoredText(array.Location)).With(values, dimension, array.Location);
    }

    /// <summary>Leaves out what does not count, and makes float32 of the narrower types.</summary>
    public static float[] Widen(
        float[] values, int width, RowRange range, EmbeddingType? type, int? dimension, ArrayCursor? scales, string location)
    {
        values = Select(values, width, range);
        int rows = width == 0 ? 0 : values.Length / width;
        if (type == EmbeddingType.Int8 && scales is null)
            throw EmbeddingErrors.Invalid(location, "it is said to be int8, and there are no scales.");
        if (scales is not null)
        {
            float[] factors = scales.Read(rows);
            for (int row = 0; row < rows; row++) PackedVectors.Scale(values.AsSpan(row * width, width), factors[row]);
        }

        if (type != EmbeddingType.Binary || (rows == 0 && width == 0 && dimension == 0)) return values;
        if (dimension is not > 0 || PackedVectors.RowBytes(EmbeddingType.Binary, dimension.Value) != width)
            throw EmbeddingErrors.Invalid(
                location, $"rows of {ShownText.Count(width, "byte")} cannot be the bits of dimension {dimension ?? 0}.");
        EmbeddingErrors.CheckSize((long)rows * dimension.Value, location);
        return PackedVectors.FromBits(values, rows, dimension.Value);
    }

    private static float[] Select(float[] values, int width, RowRange range)
    {
        if (range.Kept is { } kept) return First(values, (int)(kept * width));
        if (range.Mask is { } mask)
        {
            List<float> chosen = [];
            for (int row = 0; row < mask.Length; row++)
                if (mask[row] != 0) chosen.AddRange(values.AsSpan(row * width, width));
            return [.. chosen];
        }

        if (!range.TrimsZeros || width == 0) return values;
        int last = values.AsSpan().LastIndexOfAnyExcept(0f);
        return First(values, (last + width) / width * width);
    }

    private static float[] First(float[] values, int count) => count == values.Length ? values : values[..count];
}
