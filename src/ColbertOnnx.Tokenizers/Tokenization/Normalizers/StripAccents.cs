using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Combining marks out, of every kind: more than BERT's. Read in src/normalizers/strip.rs.</summary>
internal sealed class StripAccents : Normalizer
{
    public override void Normalize(NormalizedText text) => text.Remove(static cp => UnicodeData.IsCombiningMark(cp));
}
