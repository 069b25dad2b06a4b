using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace ColbertOnnx;

/// <summary>
/// One text as a matrix: a unit vector per token, one after the other. Owns its memory. <see cref="Embedding.ModelId"/> is the name of
/// the model that computed it; as JSON it is an object with all that is here but <see cref="Source"/>.
/// </summary>
[JsonConverter(typeof(ColbertEmbeddingConverter))]
public sealed class ColbertEmbedding : Embedding
{
    /// <summary>Token vectors from elsewhere; a model's are unit vectors, which is taken for granted and not checked.</summary>
    /// <param name="kind">Whether the text is a query or a document.</param>
    /// <param name="text">The text.</param>
    /// <param name="values">Token count x <paramref name="dimension"/> values, vector by vector; they are not copied.</param>
    /// <param name="dimension">Dimension of each token vector.</param>
    /// <exception cref="ArgumentException">The values do not fill a whole number of vectors.</exception>
    public ColbertEmbedding(TextKind kind, string text, ReadOnlyMemory<float> values, int dimension)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (dimension == 0 ? values.Length > 0 : values.Length % dimension != 0)
            throw new ArgumentException(
                FormattableString.Invariant($"{values.Length} values are not a whole number of vectors of dimension {dimension}."),
                nameof(values));
        Kind = kind;
        Text = text;
        Values = values;
        Dimension = dimension;
    }

    /// <summary>The caller's name for the text, if there is one.</summary>
    public string? Id { get; init; }

    /// <summary>The object that the text came from, as the caller gave it.</summary>
    public object? Source { get; init; }

    /// <summary>The text, as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether it is a query or a document: they are encoded and scored differently.</summary>
    public TextKind Kind { get; }

    /// <summary>TokenCount x Dimension values, vector by vector.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Token vectors that came back: without skipped tokens, or clusters when documents are pooled.</summary>
    public int TokenCount => Dimension == 0 ? 0 : Values.Length / Dimension;

    /// <summary>Dimension of each token vector.</summary>
    public int Dimension { get; }

    /// <summary>As <see cref="Dimension"/>: the name that Microsoft.Extensions.AI has for it.</summary>
    public override int Dimensions => Dimension;

    /// <summary>True when the text had more tokens than the model's limit.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>What the call put in front of the text instead of the model's prompt; null: that one.</summary>
    internal string? Prompt { get; init; }

    /// <summary>The token id of each vector; null unless asked for, and when vectors are pooled.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>The piece of the vocabulary of each vector; null unless asked for, and when vectors are pooled.</summary>
    public IReadOnlyList<string>? Tokens { get; init; }

    /// <summary>
    /// Start and end of each vector's token in the given text, in UTF-16 units; (0, 0) for tokens that the text does not hold.
    /// </summary>
    public IReadOnlyList<(int Start, int End)>? TokenOffsets { get; init; }

    /// <summary>
    /// The token vectors one by one, each a copy when it is taken. The embedding itself is not a list: a pipeline would take it apart.
    /// </summary>
    public EmbeddingRows Rows => new(this);

    /// <summary>
    /// A copy of one token vector: Dimension values; negative places count from the end. PowerShell can index only what returns an array.
    /// </summary>
    public float[] this[int token] => Row(token).ToArray();

    /// <summary>One token vector where it lies; negative places count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token vector.</exception>
    public ReadOnlySpan<float> Row(int token)
    {
        int place = token < 0 ? token + TokenCount : token;
        ArgumentOutOfRangeException.ThrowIfNegative(place, nameof(token));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, TokenCount, nameof(token));
        return Values.Span.Slice(place * Dimension, Dimension);
    }

    /// <summary>A copy as TokenCount x Dimension values.</summary>
    public float[,] ToArray()
    {
        var copy = new float[TokenCount, Dimension];
        if (copy.Length > 0) Values.Span.CopyTo(MemoryMarshal.CreateSpan(ref copy[0, 0], copy.Length));
        return copy;
    }

    /// <summary>As <see cref="ToArray"/>; PowerShell's <c>[float[,]] $embedding</c>.</summary>
    public static explicit operator float[,](ColbertEmbedding embedding) => embedding.ToArray();

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Kind} {TokenCount} x {Dimension}";
}
