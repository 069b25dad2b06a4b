namespace ColbertOnnx.Tokenization;

/// <summary>A token beside the model's vocabulary, found in the text before the model sees it. Read in src/tokenizer/added_vocabulary.rs.</summary>
internal sealed record AddedToken(string Content)
{
    /// <summary>Only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes whitespace on its left with it.</summary>
    public bool LStrip { get; init; }

    public bool RStrip { get; init; }

    /// <summary>Its normalized form is looked for in the normalized text.</summary>
    public bool Normalized { get; init; } = true;

    public bool Special { get; init; }

    public static AddedToken Read(TokenizerNode node)
    {
        // The id that the original gives it; the one that stands here only makes it warn.
        node.Int("id");
        var token = new AddedToken(node.String("content"))
        {
            SingleWord = node.Bool("single_word"),
            LStrip = node.Bool("lstrip"),
            RStrip = node.Bool("rstrip"),
            Normalized = node.Bool("normalized"),
            Special = node.Bool("special"),
        };
        node.Finish();
        return token;
    }
}
