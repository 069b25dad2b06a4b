using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>The map of a sentencepiece model. Read in src/normalizers/precompiled.rs.</summary>
internal sealed class Precompiled(PrecompiledCharsMap map) : Normalizer
{
    public static Precompiled Read(TokenizerNode node)
    {
        TokenizerNode field = node.Get("precompiled_charsmap");
        return new Precompiled(PrecompiledCharsMap.Parse(field.AsString(), field.Path));
    }

    public override void Normalize(NormalizedText text) => text.Change(map.Normalize);
}
