namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>Texts that share one array, one at a time.</summary>
internal static class GroupReader
{
    private const string OffsetAction = "Offsets rise from 0 to the number of rows, one more than there are texts; lengths add up to it.";

    /// <param name="type">What the file says about the elements, where they do not say it themselves.</param>
    /// <param name="dimension">Dimension of each token vector, where bits are packed.</param>
    public static IEnumerable<StoredEmbedding> Read(ArrayGroup group, EmbeddingType? type, int? dimension)
    {
        int width = MatrixReader.Width(group.Rows);
        TextKind? kind = ArrayNames.KindOf(group.Rows.Name);
        using ArrayCursor rows = group.Rows.Read();
        using ArrayCursor? scales = group.Scales?.Read();
        using IdCursor? ids = group.Ids is null ? null : new IdCursor(group.Ids);
        long number = 0, idCount = group.Ids?.ElementCount ?? 0;
        foreach (RowRange range in group.Rows.Rank == 3 ? PaddedRanges(group) : FlatRanges(group))
        {
            string location = FormattableString.Invariant($"{group.Rows.Location}[{number}]");
            if (ids is not null && number == idCount)
                throw group.Ids!.Invalid($"it has {ShownText.Count(idCount, "id")}, and here is one more text.");
            float[] values = rows.Read(range.Stored * width);
            values = MatrixReader.Widen(values, width, range, type, dimension, scales, location);
            int across = type == EmbeddingType.Binary ? dimension!.Value : width;
            yield return new StoredEmbedding(values, across, location) { Kind = kind, Id = ids?.Read() };
            number++;
        }

        if (ids is not null && number < idCount)
            throw group.Ids!.Invalid($"it has {ShownText.Count(idCount, "id")} for {ShownText.Count(number, "text")}.");
    }

    private static IEnumerable<RowRange> FlatRanges(ArrayGroup group)
    {
        long rows = group.Rows.Shape[0], at = 0;
        StoredArray marks = group.Offsets ?? group.Lengths!;
        bool isOffset = group.Offsets is not null;
        using ArrayCursor cursor = marks.Read();
        for (long i = 0; i < marks.ElementCount; i++)
        {
            long mark = cursor.ReadInteger();
            string place = FormattableString.Invariant($"{marks.Location}[{i}]");
            if (isOffset && i == 0 && mark == 0) continue;
            long length = isOffset ? mark - at : mark;
            if (length < 0 || length > rows - at || (isOffset && i == 0))
                throw EmbeddingErrors.Invalid(
                    place,
                    $"{mark} follows {at}, and the array has {ShownText.Count(rows, "row")}.",
                    OffsetAction);
            yield return new RowRange(length);
            at += length;
        }

        // Offsets without the end of the last text are written too.
        if (isOffset && marks.ElementCount > 0 && at < rows) yield return new RowRange(rows - at);
        else if (at < rows)
            throw marks.Invalid($"it speaks of {ShownText.Count(at, "row")}, and '{group.Rows.Name}' has {rows}.", OffsetAction);
    }

    /// <summary>Without lengths and mask the rows of zeros at the end of a text are fill.</summary>
    private static IEnumerable<RowRange> PaddedRanges(ArrayGroup group)
    {
        long texts = group.Rows.Shape[0], tokens = group.Rows.Shape[1];
        if (group.Lengths is { } lengths && lengths.ElementCount != texts)
            throw lengths.Invalid($"it has {ShownText.Count(lengths.ElementCount, "length")} for {ShownText.Count(texts, "text")}.");
        if (group.Mask is { } mask && !mask.Shape.SequenceEqual([texts, tokens]))
            throw mask.Invalid(
                $"it has the shape {mask.ShapeText}, and the array has {ShownText.Count(texts, "text")} of "
                    + $"{ShownText.Count(tokens, "token")}.");
        if (texts > Limits.MostEmptyTexts && group.Rows.ElementCount == 0)
            throw group.Rows.Invalid(
                FormattableString.Invariant(
                    $"it promises {texts} texts without any elements, more than {Limits.MostEmptyTexts} (the limit MostEmptyTexts)."));
        using ArrayCursor? lengthCursor = group.Lengths?.Read();
        using ArrayCursor? maskCursor = group.Mask?.Read();
        for (long i = 0; i < texts; i++)
        {
            if (lengthCursor is not null)
            {
                long length = lengthCursor.ReadInteger();
                if (length < 0 || length > tokens)
                    throw EmbeddingErrors.Invalid(
                        FormattableString.Invariant($"{group.Lengths!.Location}[{i}]"),
                        $"a length of {length} in {ShownText.Count(tokens, "token")}.");
                yield return new RowRange(tokens) { Kept = length };
            }
            else
            {
                yield return new RowRange(tokens) { Mask = maskCursor?.Read(tokens), TrimsZeros = maskCursor is null };
            }
        }
    }
}
