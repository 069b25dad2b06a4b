using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using Microsoft.Extensions.AI;

namespace ColbertOnnx;

public sealed partial class ColbertModel
{
    /// <summary>One embedding for each text, in their order. The first text that fails ends it.</summary>
    /// <param name="texts">Queries.</param>
    /// <param name="options">What this call does otherwise than the model was opened to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ColbertException">A text cannot be encoded; <see cref="ColbertException.Target"/> names it.</exception>
    /// <exception cref="OperationCanceledException">Running batches were ended.</exception>
    public IReadOnlyList<ColbertEmbedding> EncodeQueries(
        IEnumerable<string> texts, ColbertEncodeOptions? options = null, CancellationToken cancellation = default) =>
        TextStreams.Encode(Lanes, texts, OptionsOf(TextKind.Query, options ?? AsOpened), cancellation);

    /// <param name="texts">Documents.</param>
    /// <param name="options">What this call does otherwise than the model was opened to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="EncodeQueries"/>
    public IReadOnlyList<ColbertEmbedding> EncodeDocuments(
        IEnumerable<string> texts, ColbertEncodeOptions? options = null, CancellationToken cancellation = default) =>
        TextStreams.Encode(Lanes, texts, OptionsOf(TextKind.Document, options ?? AsOpened), cancellation);

    /// <summary>
    /// Embeddings as they become ready, in the order of the texts. The source is read ahead by a bounded window, not further.
    /// Leaving the loop ends what is under way.
    /// </summary>
    /// <inheritdoc cref="EncodeQueries"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeQueriesAsync(
        IAsyncEnumerable<string> texts, ColbertEncodeOptions? options = null, CancellationToken cancellation = default) =>
        TextStreams.EncodeAsync(Lanes, texts, OptionsOf(TextKind.Query, options ?? AsOpened), cancellation);

    /// <inheritdoc cref="EncodeQueriesAsync(IAsyncEnumerable{string}, ColbertEncodeOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeQueriesAsync(
        IEnumerable<string> texts, ColbertEncodeOptions? options = null, CancellationToken cancellation = default) =>
        EncodeQueriesAsync(texts.ToAsyncEnumerable(), options, cancellation);

    /// <param name="texts">Documents.</param>
    /// <param name="options">What this call does otherwise than the model was opened to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="EncodeQueriesAsync(IAsyncEnumerable{string}, ColbertEncodeOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeDocumentsAsync(
        IAsyncEnumerable<string> texts, ColbertEncodeOptions? options = null, CancellationToken cancellation = default) =>
        TextStreams.EncodeAsync(Lanes, texts, OptionsOf(TextKind.Document, options ?? AsOpened), cancellation);

    /// <inheritdoc cref="EncodeDocumentsAsync(IAsyncEnumerable{string}, ColbertEncodeOptions?, CancellationToken)"/>
    public IAsyncEnumerable<ColbertEmbedding> EncodeDocumentsAsync(
        IEnumerable<string> texts, ColbertEncodeOptions? options = null, CancellationToken cancellation = default) =>
        EncodeDocumentsAsync(texts.ToAsyncEnumerable(), options, cancellation);

    /// <summary>
    /// Results as they become ready, in the order of the texts; a text that fails has an error, and the others go on. The source is read
    /// ahead by a bounded window, not further. Leaving the loop ends what is under way.
    /// </summary>
    /// <param name="texts">Texts, each with an id and a source where the caller wants them back.</param>
    /// <param name="kind">How they are encoded.</param>
    /// <param name="options">What this call does otherwise than the model was opened to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ColbertException">Not of a text: the model was closed, or has no such prompt.</exception>
    /// <exception cref="OperationCanceledException">Running batches were ended.</exception>
    public IAsyncEnumerable<ColbertEncodeResult> EncodeAsync(
        IAsyncEnumerable<ColbertText> texts, TextKind kind, ColbertEncodeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return TextStreams.ResultsAsync(Lanes, texts, OptionsOf(kind, options ?? AsOpened), cancellation);
    }

    /// <summary>A stream that the caller feeds and drains.</summary>
    /// <param name="kind">How its texts are encoded.</param>
    /// <param name="options">What it does otherwise than the model was opened to.</param>
    /// <param name="cancellation">Cancels the stream.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the model was closed, or has no such
    /// prompt.</exception>
    public ColbertEncodeStream OpenStream(TextKind kind, ColbertEncodeOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= AsOpened;
        EncodeOptions own = OptionsOf(kind, options);
        return new ColbertEncodeStream(Lanes, own, [.. options.GetWarnings(), .. own.Unheeded(options)], cancellation);
    }

    /// <summary>
    /// This model as an embedding generator of Microsoft.Extensions.AI, whose pipelines of logging, caching and telemetry it fits, for
    /// queries. Disposing of it leaves the model open.
    /// </summary>
    public IEmbeddingGenerator<string, ColbertEmbedding> AsQueryGenerator() => new ColbertEmbeddingGenerator(this, TextKind.Query);

    /// <summary>As <see cref="AsQueryGenerator"/>, for documents.</summary>
    public IEmbeddingGenerator<string, ColbertEmbedding> AsDocumentGenerator() => new ColbertEmbeddingGenerator(this, TextKind.Document);

    private static ColbertEncodeOptions AsOpened { get; } = new();

    internal EncodeOptions OptionsOf(TextKind kind, ColbertEncodeOptions options)
    {
        GivenNumber.Check(1, options.PoolFactor, nameof(options.PoolFactor));
        GivenNumber.Check(0, options.ProtectedTokens, nameof(options.ProtectedTokens));
        return EncodeOptions.Of(Settings, kind, options.PoolFactor, options.ProtectedTokens) with
        {
            IncludeTokens = options.IncludeTokens,
            Prompt = TextArguments.PromptOf(Settings, options.PromptName, options.Prompt),
        };
    }
}
