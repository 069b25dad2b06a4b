using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>A decoder that changes each token by itself.</summary>
internal abstract class EachDecoder : Decoder
{
    public sealed override List<string> Decode(List<string> tokens, TextGuard guard)
    {
        long characters = 0;
        for (int i = 0, look = 0; i < tokens.Count; i++)
        {
            if (i >= look) look = guard.Look(i);
            tokens[i] = Decode(tokens[i], i, tokens.Count, guard);
            guard.RoomFor(characters += tokens[i].Length);
        }

        return tokens;
    }

    protected abstract string Decode(string token, int index, int count, TextGuard guard);
}
