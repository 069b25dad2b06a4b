using System.Text;

namespace ColbertOnnx.Embeddings;

/// <summary>Strings of an input as a small file of JSON can hold them.</summary>
internal static class ShortText
{
    private const int Most = 1000;

    /// <summary>Cut, and with U+FFFD in the place of what is not Unicode.</summary>
    public static string? Of(string? text) =>
        text is null
            ? null
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Length > Most
                ? text[..(char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most)]
                : text));
}
