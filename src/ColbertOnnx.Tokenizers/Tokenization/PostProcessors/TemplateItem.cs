namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>A special token, or the place of the text's own tokens.</summary>
internal readonly record struct TemplateItem(bool IsText, int Id, int TypeId, OffsetTrim[] Trims)
{
    public static TemplateItem Text { get; } = new(true, -1, 0, []);

    public static TemplateItem Special(int id, int typeId) => new(false, id, typeId, []);
}
