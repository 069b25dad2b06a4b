using System.Text;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>
/// Tokens like &lt;0x61&gt; in a row become the text of these bytes, or U+FFFD for each when they are none. Read in
/// src/decoders/byte_fallback.rs.
/// </summary>
internal sealed class ByteFallback : Decoder
{
    public override List<string> Decode(List<string> tokens, TextGuard guard)
    {
        var decoded = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        for (int i = 0, look = 0; i < tokens.Count; i++)
        {
            if (i >= look) look = guard.Look(i);
            if (TryRead(tokens[i], out byte value))
            {
                bytes.Add(value);
                continue;
            }

            Flush();
            decoded.Add(tokens[i]);
        }

        Flush();
        return decoded;

        void Flush()
        {
            if (bytes.Count == 0) return;
            byte[] run = [.. bytes];
            bytes.Clear();
            if (System.Text.Unicode.Utf8.IsValid(run)) decoded.Add(Encoding.UTF8.GetString(run));
            else decoded.AddRange(Enumerable.Repeat("\uFFFD", run.Length));
        }
    }

    private static bool TryRead(string token, out byte value)
    {
        value = 0;
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>' || !char.IsAsciiHexDigit(token[4]))
            return false;
        // The original's reader of numbers takes a sign.
        if (token[3] != '+' && !char.IsAsciiHexDigit(token[3])) return false;
        value = Convert.ToByte(token[3] == '+' ? token[4..5] : token[3..5], 16);
        return true;
    }
}
