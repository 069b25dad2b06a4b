namespace ColbertOnnx;

/// <summary>What a tokenizer makes of one text.</summary>
public sealed class ColbertTokenization
{
    internal ColbertTokenization(string text) => Text = text;

    /// <summary>The text, as it was given.</summary>
    public string Text { get; }

    /// <summary>The ids that the model gets.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>The piece of the vocabulary of each id.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Start and end of each token in the text, in UTF-16 units; (0, 0) for tokens that the text does not hold.</summary>
    public required IReadOnlyList<(int Start, int End)> Offsets { get; init; }

    /// <summary>1 for what the model attends to, 0 for expansion.</summary>
    public required IReadOnlyList<int> AttentionMask { get; init; }

    /// <summary>True when the limit took tokens away.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Number of ids.</summary>
    public int Count => Ids.Count;

    /// <summary>One line of JSON: text, ids, tokens, offsets, attention_mask.</summary>
    public string ToJson() => JsonArrays.Line(json =>
    {
        json.WriteText("text", Text);
        json.WriteNumbers("ids", Ids);
        json.WriteStartArray("tokens");
        foreach (string piece in Tokens) json.WriteText(piece);
        json.WriteEndArray();
        json.WriteOffsets("offsets", Offsets);
        json.WriteNumbers("attention_mask", AttentionMask);
    });

    /// <summary>The pieces.</summary>
    public override string ToString() => string.Join(' ', Tokens);
}
