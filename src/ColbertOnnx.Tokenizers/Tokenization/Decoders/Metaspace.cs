using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>
/// The visible character becomes a blank; in the first token it goes, unless it is never put in front. Read in
/// src/pre_tokenizers/metaspace.rs.
/// </summary>
internal sealed class Metaspace(string replacement, bool isPrepended) : EachDecoder
{
    public static Metaspace Read(TokenizerNode node)
    {
        PreTokenizers.Metaspace own = PreTokenizers.Metaspace.Read(node);
        return new Metaspace(own.Replacement, own.Scheme != PreTokenizers.Metaspace.PrependScheme.Never);
    }

    protected override string Decode(string token, int index, int count, TextGuard guard) =>
        token.Replace(replacement, index == 0 && isPrepended ? "" : " ", StringComparison.Ordinal);
}
