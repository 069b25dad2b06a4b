namespace ColbertOnnx;

/// <summary>A text to encode, and what its caller wants back with the result.</summary>
/// <param name="Text">The text.</param>
/// <param name="Id">The caller's name for it, which errors show as well.</param>
/// <param name="Source">Where it came from: any object, which is carried along and never read.</param>
public readonly record struct ColbertText(string Text, string? Id = null, object? Source = null)
{
    /// <summary>A text alone.</summary>
    public static implicit operator ColbertText(string text) => new(text);

    /// <summary>One line for people.</summary>
    public override string ToString() => ShownText.Of(Id is null ? Text : $"{Id}: {Text}");
}
