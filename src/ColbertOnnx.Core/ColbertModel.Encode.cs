using ColbertOnnx.Pipeline;

namespace ColbertOnnx;

public sealed partial class ColbertModel
{
    /// <summary>One embedding for each text, in their order. The first text that fails ends it.</summary>
    /// <exception cref="ColbertException">A text cannot be encoded; <see cref="ColbertException.Target"/> names it.</exception>
    /// <exception cref="OperationCanceledException">Running calls were ended.</exception>
    public IReadOnlyList<ColbertEmbedding> EncodeQueries(IEnumerable<string> texts, CancellationToken cancellation = default) =>
        TextStreams.Encode(Lanes, texts, TextKind.Query, cancellation);

    /// <inheritdoc cref="EncodeQueries(IEnumerable{string}, CancellationToken)"/>
    public IReadOnlyList<ColbertEmbedding> EncodeDocuments(IEnumerable<string> texts, CancellationToken cancellation = default) =>
        TextStreams.Encode(Lanes, texts, TextKind.Document, cancellation);

    /// <summary>
    /// Embeddings as they become ready, in the order of the texts. The source is read ahead by a bounded window, not further.
    /// Leaving the loop ends what is under way.
    /// </summary>
    /// <inheritdoc cref="EncodeQueries(IEnumerable{string}, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeQueriesAsync(IAsyncEnumerable<string> texts, CancellationToken cancellation = default) =>
        TextStreams.EncodeAsync(Lanes, texts, TextKind.Query, cancellation);

    /// <inheritdoc cref="EncodeQueriesAsync(IAsyncEnumerable{string}, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeQueriesAsync(IEnumerable<string> texts, CancellationToken cancellation = default) =>
        TextStreams.EncodeAsync(Lanes, texts.ToAsyncEnumerable(), TextKind.Query, cancellation);

    /// <inheritdoc cref="EncodeQueriesAsync(IAsyncEnumerable{string}, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeDocumentsAsync(IAsyncEnumerable<string> texts, CancellationToken cancellation = default) =>
        TextStreams.EncodeAsync(Lanes, texts, TextKind.Document, cancellation);

    /// <inheritdoc cref="EncodeQueriesAsync(IAsyncEnumerable{string}, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeDocumentsAsync(IEnumerable<string> texts, CancellationToken cancellation = default) =>
        TextStreams.EncodeAsync(Lanes, texts.ToAsyncEnumerable(), TextKind.Document, cancellation);
}
