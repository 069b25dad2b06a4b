using System.Text;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>
/// A tokenizer.json as large as XLM-RoBERTa's: 250,000 pieces of four scripts, of the lengths of a multilingual vocabulary.
/// </summary>
internal static class LargeTokenizer
{
    public const int Pieces = 250_000;

    public static byte[] Make()
    {
        var random = new Random(5);
        var pieces = new HashSet<string>();
        while (pieces.Count < Pieces)
        {
            var piece = new StringBuilder(random.Next(2) == 0 ? "▁" : "");
            int script = new[] { 'a', 'а', 'ا', 'क' }[random.Next(4)];
            for (int length = 2 + random.Next(9); length > 0; length--)
                piece.Append((char)(script + random.Next(26)));
            pieces.Add(piece.ToString());
        }

        IEnumerable<string> vocab = pieces.Select((piece, i) => FormattableString.Invariant($"[\"{piece}\",{-8 - (i / 40_000.0)}]"));
        return Encoding.UTF8.GetBytes($$"""
            {"version":"1.0","model":{"type":"Unigram","unk_id":3,"vocab":[{{string.Join(',', vocab)}}],"byte_fallback":false} }
            """);
    }
}
