using System.Text;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>
/// The bytes that the characters stand for, as UTF-8; a token with a character that stands for none is taken as it is. Read in
/// src/pre_tokenizers/byte_level.rs.
/// </summary>
internal sealed class ByteLevel : Decoder
{
    public static ByteLevel Read(TokenizerNode node)
    {
        // Only the pre-tokenizer and the post-processor obey these.
        PreTokenizers.ByteLevel.Read(node);
        return new ByteLevel();
    }

    public override List<string> Decode(List<string> tokens, TextGuard guard)
    {
        var bytes = new List<byte>();
        for (int i = 0, look = 0; i < tokens.Count; i++)
        {
            if (i >= look) look = guard.Look(i);
            int before = bytes.Count;
            foreach (char c in tokens[i])
            {
                if (ByteAlphabet.TryGetByte(c, out byte value))
                {
                    bytes.Add(value);
                    continue;
                }

                bytes.RemoveRange(before, bytes.Count - before);
                bytes.AddRange(Encoding.UTF8.GetBytes(tokens[i]));
                break;
            }
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
