using System.Globalization;
using System.Runtime.CompilerServices;

namespace ColbertOnnx.Pipeline;

/// <summary>Sequences of texts through the pipeline.</summary>
internal static class TextStreams
{
    public static List<ColbertEmbedding> Encode(
        LanePool pool, IEnumerable<string> texts, EncodeOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellation.ThrowIfCancellationRequested();
        List<ColbertEmbedding> embeddings = texts.TryGetNonEnumeratedCount(out int count) ? new(count) : [];
        using var stream = new EncodeStream(pool, options, cancellation);
        long number = 0;
        try
        {
            foreach (string text in texts) stream.Push(Checked(text, ++number), Accept);
            stream.Finish(Accept);
            return embeddings;
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }

        void Accept(ColbertEncodeResult result) => embeddings.Add(result.GetEmbedding());
    }

    /// <summary>The first text that fails ends it.</summary>
    public static async IAsyncEnumerable<ColbertEmbedding> EncodeAsync(
        LanePool pool, IAsyncEnumerable<string> texts, EncodeOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        long number = 0;
        IAsyncEnumerable<ColbertText> given = texts.Select(text => new ColbertText(Checked(text, ++number)));
        await foreach (ColbertEncodeResult result in ResultsAsync(pool, given, options, cancellation)) yield return result.GetEmbedding();
    }

    /// <summary>A text that fails has an error, and the others go on.</summary>
    public static async IAsyncEnumerable<ColbertEncodeResult> ResultsAsync(
        LanePool pool, IAsyncEnumerable<ColbertText> texts, EncodeOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellation.ThrowIfCancellationRequested();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using IAsyncEnumerator<ColbertText> source = texts.GetAsyncEnumerator(ended.Token);
        using var stream = new EncodeStream(pool, options, cancellation);
        Task<bool>? reading = null;
        ColbertText? waiting = null;
        bool isAtEnd = false;
        try
        {
            while (true)
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
                        if (isAtEnd) stream.Complete();
                        else waiting = source.Current;
                    }

                    if (waiting is null || !stream.HasRoom(waiting.Value.Text)) break;
                    stream.TryAdd(waiting.Value);
                    waiting = null;
                    if (stream.IsReady) break;
                }

                if (stream.TryTake(out ColbertEncodeResult result)) yield return result;
                else if (!stream.IsEmpty) await (reading is null ? stream.WhenReady() : Task.WhenAny(stream.WhenReady(), reading));
                else if (isAtEnd) yield break;
                else if (reading is not null) await Task.WhenAny(reading);
            }
        }
        finally
        {
            // A loop that is left early may leave a read behind: a source is disposed only when nothing is under way in it.
            await ended.CancelAsync();
            if (reading is not null) await Task.WhenAny(reading);
        }
    }

    private static string Checked(string? text, long number) => text ?? throw new ColbertException(
        ColbertErrorId.InputInvalid, string.Create(CultureInfo.InvariantCulture, $"Text {number} is null."), null,
        "Leave it out, or give the empty string.");
}
