namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Each code point alone in lower case: no final sigma. Read in src/normalizers/utils.rs.</summary>
internal sealed class Lowercase : Normalizer
{
    public override void Normalize(NormalizedText text) => text.Lowercase();
}
