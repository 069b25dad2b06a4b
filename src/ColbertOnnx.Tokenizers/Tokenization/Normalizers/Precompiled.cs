using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>The map of a sentencepiece model. Read in src/normalizers/precompiled.rs.</summary>
internal sealed class Precompiled(PrecompiledCharsMap map) : Normalizer
{
    private readonly CharacterMaps.Changes change = map.Normalize;

    public static Precompiled Read(TokenizerNode node)
    {
        TokenizerNode field = node.Get("precompiled_charsmap");
        try
        {
            return new Precompiled(PrecompiledCharsMap.Parse(field.AsString(), field.Path));
        }
        catch (ColbertException e) when (e.Target == field.Path)
        {
            throw field.WithSource(e);
        }
    }

    public override void Normalize(NormalizedText text)
    {
        if (text.Chars.ContainsAnyExcept(map.Plain)) text.Change(change);
    }
}
