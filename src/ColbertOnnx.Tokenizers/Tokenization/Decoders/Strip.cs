using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>Takes at most this many of one character off the ends of each token. Read in src/decoders/strip.rs.</summary>
internal sealed class Strip(string content, int start, int stop) : EachDecoder
{
    public static Strip Read(TokenizerNode node) => new(node.Character("content"), node.Int("start"), node.Int("stop"));

    protected override string Decode(string token, int index, int count, TextGuard guard)
    {
        int from = 0, to = token.Length;
        for (int i = 0; i < start && token.AsSpan(from).StartsWith(content); i++) from += content.Length;
        for (int i = 0; i < stop && to - from >= content.Length && token.AsSpan(0, to).EndsWith(content); i++) to -= content.Length;
        return token[from..to];
    }
}
