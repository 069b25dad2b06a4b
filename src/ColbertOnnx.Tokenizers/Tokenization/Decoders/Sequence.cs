using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>One after the other. Read in src/decoders/sequence.rs.</summary>
internal sealed class Sequence(Decoder[] decoders) : Decoder
{
    public static Sequence Read(TokenizerNode node) => new([.. node.Get("decoders").Items.Select(Components.ReadDecoder)]);

    public override List<string> Decode(List<string> tokens, TextGuard guard)
    {
        foreach (Decoder decoder in decoders) tokens = decoder.Decode(tokens, guard);
        return tokens;
    }
}
