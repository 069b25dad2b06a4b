using ColbertOnnx.Pipeline;

namespace ColbertOnnx;

/// <summary>
/// Texts through a model, and their results in the order of the texts, each an embedding or an error of its own. One caller feeds and
/// drains it; the work is done on the model's threads meanwhile. The stream holds a bounded window of texts, so that any number of them
/// takes the same memory.
/// </summary>
/// <example>
/// <code>
/// using ColbertEncodeStream stream = model.OpenStream(TextKind.Document);
/// foreach (string line in File.ReadLines("corpus.txt")) stream.Push(line, Write);
/// stream.Finish(Write);
///
/// static void Write(ColbertEncodeResult result) =>
///     Console.WriteLine(result.Error?.Message ?? $"{result.Embedding!.TokenCount} token vectors");
/// </code>
/// </example>
public sealed class ColbertEncodeStream : IDisposable
{
    private readonly EncodeStream stream;

    internal ColbertEncodeStream(
        LanePool lanes, EncodeOptions options, IReadOnlyList<string> warnings, CancellationToken cancellation) =>
        (stream, Warnings) = (new EncodeStream(lanes, options, cancellation), warnings);

    /// <summary>How its texts are encoded.</summary>
    public TextKind Kind => stream.Options.Kind;

    /// <summary>What its options ask for and it does not do, a sentence each; mostly none.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>All that was put in was taken.</summary>
    public bool IsEmpty => stream.IsEmpty;

    /// <summary>
    /// Puts a text in and hands over all results that are ready. Waits while the window is full: for a result, not for its own text's.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="accept">Gets each result, in the order of the texts, on this thread.</param>
    /// <exception cref="OperationCanceledException">The stream was cancelled.</exception>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the model was closed. What is wrong with a text is an
    /// error of its result.</exception>
    public void Push(in ColbertText text, Action<ColbertEncodeResult> accept) => stream.Push(text, accept);

    /// <summary>Ends the input, and hands over all results that are left.</summary>
    /// <inheritdoc cref="Push"/>
    public void Finish(Action<ColbertEncodeResult> accept) => stream.Finish(accept);

    /// <summary>
    /// Puts a text in. False, without taking it: the window is full, and a result that is ready must be taken first. Waits while it is full
    /// and none is ready.
    /// </summary>
    /// <inheritdoc cref="Push"/>
    public bool TryAdd(in ColbertText text) => stream.TryAdd(text);

    /// <summary>No more texts will come.</summary>
    public void Complete() => stream.Complete();

    /// <summary>Takes the next result if it is ready; does not wait.</summary>
    /// <inheritdoc cref="Push"/>
    public bool TryTake(out ColbertEncodeResult result) => stream.TryTake(out result);

    /// <summary>Takes the next result, waiting for it; false: all were taken, after <see cref="Complete"/>.</summary>
    /// <inheritdoc cref="Push"/>
    public bool Take(out ColbertEncodeResult result) => stream.Take(out result);

    /// <summary>Done when the next result can be taken, nothing is under way, or the stream was stopped.</summary>
    public Task WhenReady() => stream.WhenReady();

    /// <summary>
    /// Ends running batches and drops what waits, from any thread. Every member that adds or takes throws
    /// <see cref="OperationCanceledException"/> from then on.
    /// </summary>
    public void Cancel() => stream.Cancel();

    /// <summary>Ends what still runs, waits for it, and gives its memory back.</summary>
    public void Dispose() => stream.Dispose();

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Kind} texts";
}
