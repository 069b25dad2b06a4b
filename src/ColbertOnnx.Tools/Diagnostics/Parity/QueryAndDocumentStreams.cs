namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>
/// Queries and documents through one model, a stream for each kind, fed and drained by one thread. What is cancelled ends both.
/// </summary>
/// <param name="model">Stays open; who made it closes it.</param>
/// <param name="includeTokens">Embeddings come with their tokens.</param>
/// <param name="accept">Gets each result, in order within its kind.</param>
/// <param name="cancellation">Every member throws then.</param>
internal sealed class QueryAndDocumentStreams(
    ColbertModel model, bool includeTokens, Action<ColbertEncodeResult, TextKind> accept, CancellationToken cancellation) : IDisposable
{
    private readonly ColbertEncodeStream?[] streams = new ColbertEncodeStream?[2];

    /// <summary>Puts a text in, and passes on what is ready.</summary>
    public void Add(in ColbertText text, TextKind kind)
    {
        ColbertEncodeStream stream = streams[(int)kind] ??= model.OpenStream(
            kind, new ColbertEncodeOptions { IncludeTokens = includeTokens }, cancellation);
        stream.Push(text, result => accept(result, kind));
        var other = (TextKind)(1 - (int)kind);
        while (streams[(int)other] is { } open && open.TryTake(out ColbertEncodeResult result)) accept(result, other);
    }

    /// <summary>No more texts will come: passes on the rest.</summary>
    public void Complete()
    {
        foreach (TextKind kind in Enum.GetValues<TextKind>()) streams[(int)kind]?.Finish(result => accept(result, kind));
    }

    public void Dispose()
    {
        foreach (ColbertEncodeStream? stream in streams) stream?.Dispose();
    }
}
