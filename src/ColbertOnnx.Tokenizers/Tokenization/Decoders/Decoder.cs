using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>Makes text of the spellings of tokens; the parts that it gives are joined. Immutable.</summary>
internal abstract class Decoder
{
    public abstract List<string> Decode(List<string> tokens, TextGuard guard);
}
