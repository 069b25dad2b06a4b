using System.Globalization;

namespace ColbertOnnx.Pipeline;

/// <summary>Names the text that an error is about.</summary>
internal static class TextError
{
    private const int MostCharacters = 40;

    public static ColbertException Of(EncodeSlot slot, Exception error, ColbertErrorId otherwise)
    {
        string name = NameOf(slot);
        ColbertException? known = error as ColbertException;
        ColbertErrorId id = known?.Id ?? (error is OutOfMemoryException ? ColbertErrorId.InsufficientMemory : otherwise);
        return new ColbertException(id, $"{name}: {error.Message}", slot.Input.Id ?? name, known?.Action, error);
    }

    private static string NameOf(EncodeSlot slot)
    {
        string text = ShownText.Of(slot.Input.Text, MostCharacters);
        string number = (slot.Sequence + 1).ToString(CultureInfo.InvariantCulture);
        return slot.Input.Id is string id ? $"Text {number} (id '{ShownText.Of(id)}', \"{text}\")" : $"Text {number} (\"{text}\")";
    }
}
