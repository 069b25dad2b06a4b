namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>A special token, or the place of the text's own tokens.</summary>
internal readonly record struct RowItem(bool IsText, int Id, int TypeId, OffsetTrim[] Trims)
{
    public static RowItem Text { get; } = new(true, -1, 0, []);

    public static RowItem Special(int id, int typeId) => new(false, id, typeId, []);
}
