namespace ColbertOnnx.Inputs;

/// <summary>One text of an input, or what was wrong with it when the rest of the input is still readable.</summary>
/// <param name="Text">The text; empty when there is an error.</param>
/// <param name="Id">The input's own name for the text.</param>
/// <param name="Location">Where it stands, for people: "corpus.jsonl:17".</param>
/// <param name="Error">Null, or why this text cannot be used.</param>
public readonly record struct InputItem(string Text, string? Id, string Location, ColbertException? Error = null)
{
    /// <summary>The place, and the text or what is wrong with it.</summary>
    public override string ToString() => ShownText.Of(Error?.Message ?? $"{Location}: {Text}");
}
