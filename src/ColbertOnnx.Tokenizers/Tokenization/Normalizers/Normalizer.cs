namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Changes the characters of a text. Immutable; the text holds the scratch memory.</summary>
internal abstract class Normalizer
{
    public abstract void Normalize(NormalizedText text);
}
