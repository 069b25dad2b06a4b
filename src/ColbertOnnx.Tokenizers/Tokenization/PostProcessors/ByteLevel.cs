namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>Takes blanks off the offsets, or does nothing. Read in src/pre_tokenizers/byte_level.rs.</summary>
internal sealed class ByteLevel(bool addPrefixSpace, bool trimOffsets) : PostProcessor
{
    public override int AddedTokens => 0;

    public static ByteLevel Read(TokenizerNode node)
    {
        node.Bool("use_regex", missing: true);
        return new ByteLevel(node.Bool("add_prefix_space"), node.Bool("trim_offsets"));
    }

    public override List<List<TemplateItem>> Process(List<List<TemplateItem>> encodings, bool addSpecialTokens) =>
        trimOffsets ? Trim(encodings, addPrefixSpace) : encodings;
}
