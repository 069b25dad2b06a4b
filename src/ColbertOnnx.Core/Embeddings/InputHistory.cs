using System.Collections.Concurrent;
using System.Text;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// Follows the texts of an input on their way through an encoder: how many are done and the hash of all of them. The texts that an
/// interrupted run has done are read and compared with its hash, not encoded again. One thread reads, another says what is done.
/// </summary>
internal sealed class InputHistory
{
    private readonly ConcurrentQueue<string> hashes = new();
    private readonly string? partial;
    private SequenceHash hash = new();

    /// <summary>Of a run.</summary>
    /// <param name="done">How far an interrupted run was that this one goes on with (<see cref="StagedWriter.Resumed"/>); null: it begins
    /// anew.</param>
    /// <param name="partial">Where that one lies.</param>
    public InputHistory(RunState? done = null, string? partial = null) =>
        (State, this.partial) = (done ?? new RunState(0, 0, 0, new SequenceHash().ToString()), partial);

    /// <summary>How far the run is.</summary>
    public RunState State { get; private set; }

    /// <summary>Id of the first text that was read.</summary>
    public string? FirstId { get; private set; }

    /// <summary>Id of the last text that was read.</summary>
    public string? LastId { get; private set; }

    /// <summary>How many texts an input has, and the hash of all of them.</summary>
    public static (long Texts, string Hash) HashOf(IEnumerable<InputItem> items)
    {
        var history = new InputHistory();
        long texts = 0;
        foreach (InputItem item in items)
        {
            history.Add(item);
            texts++;
        }

        return (texts, history.hash.ToString());
    }

    /// <summary>What is still to be encoded.</summary>
    /// <param name="items">The whole input, from its beginning.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it is not the input of the interrupted
    /// run.</exception>
    public IEnumerable<InputItem> Read(IEnumerable<InputItem> items)
    {
        RunState before = State;
        long number = 0;
        foreach (InputItem item in items)
        {
            Add(item);
            if (number == 0) FirstId = item.Id;
            LastId = item.Id;
            if (++number > before.Items)
            {
                hashes.Enqueue(hash.ToString());
                yield return item;
            }
            else if (number == before.Items && hash.ToString() != before.Hash)
            {
                throw Another(item.Location, "the texts up to here are not those that the interrupted run has encoded.");
            }
        }

        if (number < before.Items)
            throw Another(
                "the input", $"it has {ShownText.Count(number, "text")}, and the interrupted run has encoded {before.Items}.");
    }

    /// <summary>The next text is written.</summary>
    public void Encoded(bool isTruncated) =>
        State = State with { Encoded = State.Encoded + 1, Truncated = State.Truncated + (isTruncated ? 1 : 0), Hash = Next() };

    /// <summary>The next text has no embedding.</summary>
    public void Failed() => State = State with { Bad = State.Bad + 1, Hash = Next() };

    /// <summary>How far the run is.</summary>
    public override string ToString() => State.ToString();

    private string Next() => hashes.TryDequeue(out string? next) ? next : throw new InvalidOperationException("More results than texts.");

    private void Add(in InputItem item)
    {
        ContentHash own = new();
        AddText(ref own, item.Error is null ? item.Text : null);
        AddText(ref own, item.Id);
        hash.Add(own.Value);
    }

    // With its length in front, so that no two sequences of texts look alike; as blocks of eight bytes, as the hash reads them.
    private static void AddText(ref ContentHash hash, string? text)
    {
        byte[] bytes = new byte[((text is null ? 0 : Encoding.UTF8.GetByteCount(text)) + 15) / 8 * 8];
        BitConverter.TryWriteBytes(bytes, text is null ? -1L : text.Length);
        if (text is not null) Encoding.UTF8.GetBytes(text, bytes.AsSpan(8));
        hash.Add(bytes);
    }

    private ColbertException Another(string location, string what) => new(
        ColbertErrorId.InputInvalid, $"{location}: {what}", location,
        $"Give the input that the interrupted run was started with, or delete what it left: {partial}.");
}
