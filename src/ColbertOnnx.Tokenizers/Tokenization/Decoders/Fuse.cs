using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>All tokens become one. Read in src/decoders/fuse.rs.</summary>
internal sealed class Fuse : Decoder
{
    public override List<string> Decode(List<string> tokens, TextGuard guard) => [string.Concat(tokens)];
}
