using System.Globalization;
using System.Runtime.CompilerServices;

namespace ColbertOnnx.Pipeline;

/// <summary>Plain sequences of texts through the pipeline; the first text that fails ends them.</summary>
internal static class TextStreams
{
    public static List<ColbertEmbedding> Encode(LanePool pool, IEnumerable<string> texts, TextKind kind, CancellationToken cancellation) =>
        Encode(pool, texts, new EncodeOptions(kind), cancellation);

    public static List<ColbertEmbedding> Encode(LanePool pool, IEnumerable<string> texts, EncodeOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellation.ThrowIfCancellationRequested();
        List<ColbertEmbedding> embeddings = texts.TryGetNonEnumeratedCount(out int count) ? new(count) : [];
        using var session = new EncodeSession(pool, options);
        using CancellationTokenRegistration registration = CancelWith(session, cancellation);
        long number = 0;
        try
        {
            foreach (string text in texts)
            {
                EncodeRequest request = RequestOf(text, ++number);
                while (!session.TryAdd(request))
                    if (session.TryTake(out EncodeResult ready)) embeddings.Add(EmbeddingOf(ready));
            }

            session.Complete();
            while (session.Take(out EncodeResult result)) embeddings.Add(EmbeddingOf(result));
            return embeddings;
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
    }

    public static async IAsyncEnumerable<ColbertEmbedding> EncodeAsync(
        LanePool pool, IAsyncEnumerable<string> texts, EncodeOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellation.ThrowIfCancellationRequested();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using IAsyncEnumerator<string> source = texts.GetAsyncEnumerator(ended.Token);
        using var session = new EncodeSession(pool, options);
        using CancellationTokenRegistration registration = CancelWith(session, cancellation);
        Task<bool>? reading = null;
        EncodeRequest? waiting = null;
        bool isAtEnd = false;
        try
        {
            for (long number = 0; ;)
            {
                cancellation.ThrowIfCancellationRequested();

                // Feed until a result is ready, the window is full, or the source has nothing at the moment.
                while (!isAtEnd)
                {
                    if (waiting is null)
                    {
                        reading ??= source.MoveNextAsync().AsTask();
                        if (!reading.IsCompleted) break;
                        isAtEnd = !await reading;
                        reading = null;
                        if (isAtEnd) session.Complete();
                        else waiting = RequestOf(source.Current, ++number);
                    }

                    if (waiting is null || !session.HasRoom(waiting.Value.Text)) break;
                    session.TryAdd(waiting.Value);
                    waiting = null;
                    if (session.IsReady) break;
                }

                if (session.TryTake(out EncodeResult result)) yield return EmbeddingOf(result);
                else if (!session.IsEmpty) await (reading is null ? session.WhenReady() : Task.WhenAny(session.WhenReady(), reading));
                else if (isAtEnd) yield break;
                else if (reading is not null) await Task.WhenAny(reading);
            }
        }
        finally
        {
            // Whoever leaves the loop early may leave a read behind: a source is disposed only when nothing is under way in it.
            await ended.CancelAsync();
            if (reading is not null) await Task.WhenAny(reading);
        }
    }

    private static CancellationTokenRegistration CancelWith(EncodeSession session, CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static s => ((EncodeSession)s!).Cancel(), session);

    private static EncodeRequest RequestOf(string? text, long number) => text is not null ? new EncodeRequest(text) : throw new ColbertException(
        ColbertErrorId.InputInvalid, string.Create(CultureInfo.InvariantCulture, $"Text {number} is null."), null, "Leave it out, or give the empty string.");

    private static ColbertEmbedding EmbeddingOf(in EncodeResult result) => result.Embedding ?? throw result.Error!;
}
