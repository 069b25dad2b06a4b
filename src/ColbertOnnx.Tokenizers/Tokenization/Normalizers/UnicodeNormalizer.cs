using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>NFC, NFD, NFKC and NFKD. Read in src/normalizers/unicode.rs.</summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : Normalizer
{
    public override void Normalize(NormalizedText text) => text.Normalize(form);
}
