using System.Threading.Channels;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli;

/// <summary>
/// Texts of an input through a model: reading on a thread of its own, encoding on the lanes, results in order on the caller's
/// thread. A bad text is reported and the rest goes on; what ends the input is thrown after the results before it.
/// </summary>
internal sealed class EncodeRun(Terminal terminal, ColbertModel model, TextKind kind, ColbertEncodeOptions options)
{
    private readonly RunProgress progress = new(terminal);

    // Texts that were bad before they reached the stream, each with the number of texts that went in before it.
    private readonly Queue<(long Place, InputItem Item)> rejected = new();
    private long added;
    private long taken;

    /// <summary>Called in the place of a text that has no embedding, with its id and place.</summary>
    public Action<ColbertException, string?, string?>? Failed { get; init; }

    /// <summary>False: the first text that fails ends the run.</summary>
    public bool KeepsGoing { get; init; } = true;

    /// <summary>The file that will have the errors; null: there is none.</summary>
    public string? ErrorsPath { get; init; }

    /// <summary>What is done; begins with what an earlier run has done. Its hash is the business of <see cref="ColbertRun"/>.</summary>
    public RunState State { get; set; }

    /// <summary>Encodes everything; <paramref name="idle"/> is called when nothing is left to do until more input comes.</summary>
    public void Run(IEnumerable<InputItem> items, Action<ColbertEmbedding> accept, Action? idle = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation);
        ChannelReader<InputItem> read = InputAhead.Start(items, stop.Token);
        try
        {
            using ColbertEncodeStream stream = model.OpenStream(kind, options, stop.Token);
            foreach (string warning in stream.Warnings) terminal.Note(warning);
            Feed(stream, read, accept, idle, stop.Token);
        }
        finally
        {
            stop.Cancel();
            progress.End();
        }

        if (State.Truncated > 0) terminal.Note(TruncationNote.For(State.Truncated, State.Encoded, kind));
        if (State.Bad > 0)
            terminal.Note(
                $"{State.Bad} of {ShownText.Count(State.Items, "text")} could not be encoded"
                    + $"{(ErrorsPath is null ? "" : $"; '{ErrorsPath}' says why")}.");
    }

    private void Feed(
        ColbertEncodeStream stream, ChannelReader<InputItem> read, Action<ColbertEmbedding> accept, Action? idle,
        CancellationToken cancellation)
    {
        Task<bool>? more = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (read.TryRead(out InputItem item))
            {
                if (item.Error is not null) rejected.Enqueue((added, item));
                else Add(stream, new ColbertText(item.Text, item.Id, item.Location), accept);
            }
            else
            {
                // The input pauses: somebody types, or a program waits for its answer. What finishes meanwhile must be seen.
                if (added == taken) idle?.Invoke();
                more ??= read.WaitToReadAsync(cancellation).AsTask();
                Task.WaitAny(added > taken ? [more, stream.WhenReady()] : [more], cancellation);
                if (more.IsFaulted || (more.IsCompletedSuccessfully && !more.Result)) break;
                if (more.IsCompleted) more = null;
            }

            Drain(stream, accept);
        }

        stream.Finish(result => Accept(result, accept));
        // What ended the input is reported after the results before it.
        more.GetAwaiter().GetResult();
    }

    private void Add(ColbertEncodeStream stream, in ColbertText request, Action<ColbertEmbedding> accept)
    {
        while (!stream.TryAdd(request)) Drain(stream, accept);
        added++;
    }

    private void Drain(ColbertEncodeStream stream, Action<ColbertEmbedding> accept)
    {
        RejectDue();
        while (stream.TryTake(out ColbertEncodeResult result)) Accept(result, accept);
    }

    private void Accept(ColbertEncodeResult result, Action<ColbertEmbedding> accept)
    {
        taken++;
        if (result.Embedding is { } embedding)
        {
            try
            {
                accept(embedding);
                State = State with { Encoded = State.Encoded + 1, Truncated = State.Truncated + (embedding.IsTruncated ? 1 : 0) };
                progress.Show(State.Encoded);
            }
            catch (ColbertException error) when (error.Id == ColbertErrorId.InferenceFailed)
            {
                // The output cannot hold what the model gave for this text.
                Reject(error, result.Input.Id, result.Input.Source as string);
            }
        }
        else
        {
            ColbertException error = result.Error!;
            string? place = result.Input.Source as string;
            Reject(new ColbertException(error.Id, $"{place}: {error.Message}", error.Target, error.Action, error), result.Input.Id, place);
        }

        RejectDue();
    }

    private void RejectDue()
    {
        while (rejected.TryPeek(out var next) && next.Place == taken)
        {
            rejected.Dequeue();
            Reject(next.Item.Error!, next.Item.Id, next.Item.Location);
        }
    }

    private void Reject(ColbertException error, string? id, string? place)
    {
        if (!KeepsGoing) throw error;
        State = State with { Bad = State.Bad + 1, ExitCode = Math.Max(State.ExitCode, error.ExitCode) };
        progress.End();
        terminal.Report(error);
        Failed?.Invoke(error, id, place);
    }
}
