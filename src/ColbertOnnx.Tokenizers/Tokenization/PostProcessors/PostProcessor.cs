namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>
/// Puts special tokens around a text. What it does to any text is worked out once, at load: see <see cref="SequenceTemplate"/>.
/// </summary>
internal abstract class PostProcessor
{
    /// <summary>How many tokens it announces; truncation leaves room for that many.</summary>
    public abstract int AddedTokens { get; }

    /// <summary>
    /// Does to <paramref name="encodings"/> what it would do to the encodings of one text: each is a list of special
    /// tokens and the text's own tokens.
    /// </summary>
    public abstract List<List<TemplateItem>> Process(List<List<TemplateItem>> encodings, bool addSpecialTokens);

    /// <summary>What BERT's and RoBERTa's do: the first between cls and sep, every other between two sep.</summary>
    protected static List<List<TemplateItem>> Surround(List<List<TemplateItem>> encodings, int cls, int sep, int? nextType)
    {
        var result = new List<List<TemplateItem>>();
        foreach (List<TemplateItem> encoding in encodings)
        {
            int type = result.Count == 0 ? 0 : nextType ?? 0;
            List<TemplateItem> items = result.Count == 0
                ? [TemplateItem.Special(cls, 0), .. encoding, TemplateItem.Special(sep, 0)]
                : nextType is null
                    ? [TemplateItem.Special(sep, 0), .. encoding, TemplateItem.Special(sep, 0)]
                    : [.. encoding, TemplateItem.Special(sep, type)];
            result.Add(items);
        }

        return result;
    }

    /// <summary>Notes that blanks are to be taken off the offsets of the text's tokens.</summary>
    protected static List<List<TemplateItem>> Trim(List<List<TemplateItem>> encodings, bool addPrefixSpace) =>
        [.. encodings.Select(encoding => encoding
            .Select((item, index) => item.IsText ? item with { Trims = [.. item.Trims, new OffsetTrim(addPrefixSpace, index == 0)] } : item)
            .ToList())];

    /// <summary>A pair of a token's spelling and its id.</summary>
    protected static int ReadTokenId(TokenizerNode node)
    {
        if (node.Items is not [{ } token, { } id]) throw node.Invalid("must be a token and its id");
        _ = token.AsString();
        return id.AsInt();
    }
}
