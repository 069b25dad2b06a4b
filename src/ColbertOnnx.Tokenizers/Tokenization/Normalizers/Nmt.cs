namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Controls out, unusual blanks become blanks. Read in src/normalizers/unicode.rs.</summary>
internal sealed class Nmt : Normalizer
{
    public override void Normalize(NormalizedText text)
    {
        text.Remove(static cp => cp is (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F);
        text.Map(static c => c is '\t' or '\n' or '\f' or '\r' or '\u1680' or (>= '\u200B' and <= '\u200F')
            or '\u2028' or '\u2029' or '\u2581' or '\uFEFF' or '\uFFFD' ? ' ' : c);
    }
}
