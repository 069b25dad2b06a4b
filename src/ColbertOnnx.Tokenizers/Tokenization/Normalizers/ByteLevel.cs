namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Every byte of UTF-8 as a character of its own. Read in src/normalizers/byte_level.rs.</summary>
internal sealed class ByteLevel : Normalizer
{
    public override void Normalize(NormalizedText text)
    {
        Span<char> bytes = stackalloc char[4];
        text.BeginRewrite();
        while (!text.IsAtEnd)
        {
            int count = ByteAlphabet.Encode(text.Next(out int units), bytes);
            for (int i = 0; i < count; i++)
                text.PutFor(bytes[i]);
            text.Skip(units);
        }

        text.EndRewrite();
    }
}
