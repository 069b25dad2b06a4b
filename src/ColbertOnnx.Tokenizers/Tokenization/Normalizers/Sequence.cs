namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>One after the other. Read in src/normalizers/utils.rs.</summary>
internal sealed class Sequence(Normalizer[] normalizers) : Normalizer
{
    public IReadOnlyList<Normalizer> Normalizers => normalizers;

    public static Sequence Read(TokenizerNode node) => new([.. node.Get("normalizers").Items.Select(Components.ReadNormalizer)]);

    public override void Normalize(NormalizedText text)
    {
        foreach (Normalizer normalizer in normalizers)
            normalizer.Normalize(text);
    }
}
