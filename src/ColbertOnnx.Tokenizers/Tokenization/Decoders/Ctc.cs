using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>
/// Of equal tokens in a row one stays, padding goes, the mark between words becomes a blank. Read in src/decoders/ctc.rs.
/// </summary>
internal sealed class Ctc(string padToken, string wordDelimiterToken, bool cleanup) : Decoder
{
    public static Ctc Read(TokenizerNode node) => new(node.String("pad_token"), node.String("word_delimiter_token"), node.Bool("cleanup"));

    public override List<string> Decode(List<string> tokens, TextGuard guard)
    {
        var decoded = new List<string>();
        for (int i = 0, look = 0; i < tokens.Count; i++)
        {
            if (i >= look) look = guard.Look(i);
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            string token = Replace.All(tokens[i], padToken, "");
            if (cleanup) token = Replace.All(WordPiece.Clean(token), wordDelimiterToken, " ");
            if (token.Length > 0) decoded.Add(token);
        }

        return decoded;
    }
}
