using System.Runtime.CompilerServices;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class TextStreamsTests
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 2000).Select(i => $"text number {i} {new string('x', i % 90)}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_list_of_texts_gives_a_list_of_embeddings_in_order()
    {
        using LanePool pool = Pool(new FakeSession());
        Assert.Equal(Texts, TextStreams.Encode(pool, Texts, new(TextKind.Query), Token).Select(e => e.Text));
    }

    [Fact]
    public async Task An_asynchronous_source_gives_the_same()
    {
        using LanePool pool = Pool(new FakeSession());
        Assert.Equal(
            Texts, await Collect(TextStreams.EncodeAsync(pool, Texts.ToAsyncEnumerable(), new EncodeOptions(TextKind.Document), Token)));
        Assert.Equal(
            Texts[..300], await Collect(TextStreams.EncodeAsync(pool, Slowly(Texts[..300]), new EncodeOptions(TextKind.Document), Token)));
        Assert.Empty(await Collect(TextStreams.EncodeAsync(pool, Slowly([]), new EncodeOptions(TextKind.Document), Token)));
    }

    [Fact]
    public async Task The_source_is_not_read_further_ahead_than_the_window()
    {
        using LanePool pool = Pool(new FakeSession());
        int read = 0;
        await foreach (ColbertEmbedding embedding in TextStreams.EncodeAsync(pool, Endless(), new EncodeOptions(TextKind.Document), Token))
        {
            if (embedding.Text == "5000") break;
        }

        Assert.InRange(read, 5001, 5001 + WindowLimits.For(2, null).Texts);

        async IAsyncEnumerable<string> Endless()
        {
            await Task.Yield();
            while (true) yield return $"{read++}";
        }
    }

    [Fact]
    public async Task Leaving_the_loop_stops_the_work_and_closes_the_source()
    {
        var session = new FakeSession { MostMicroseconds = 3000 };
        using LanePool pool = Pool(session);
        bool closed = false;
        await foreach (ColbertEmbedding _ in TextStreams.EncodeAsync(pool, Source(), new EncodeOptions(TextKind.Document), Token)) break;
        Assert.True(closed);
        int batches = session.Batches.Count;
        await Task.Delay(50, Token);
        Assert.Equal(batches, session.Batches.Count);

        async IAsyncEnumerable<string> Source([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            try
            {
                foreach (string text in Texts[..100]) yield return text;
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                closed = true;
            }
        }
    }

    [Fact]
    public async Task Cancelling_ends_both_forms()
    {
        var session = new FakeSession();
        using LanePool pool = Pool(session);
        string[] stuck = ["ab" + FakeSession.Stuck];
        using var first = new CancellationTokenSource();
        Task<List<ColbertEmbedding>> list = Task.Run(() => TextStreams.Encode(pool, stuck, new(TextKind.Document), first.Token), Token);
        Assert.True(session.IsStuck.Wait(ChildProcess.Patience, Token));
        await first.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list);
        Assert.Equal(first.Token, error.CancellationToken);

        session.IsStuck.Reset();
        using var second = new CancellationTokenSource();
        Task<List<string>> stream =
            Collect(TextStreams.EncodeAsync(pool, stuck.ToAsyncEnumerable(), new EncodeOptions(TextKind.Document), second.Token));
        Assert.True(session.IsStuck.Wait(ChildProcess.Patience, Token));
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream);
    }

    [Fact]
    public async Task A_text_that_fails_is_thrown_with_its_name()
    {
        using LanePool pool = Pool(new FakeSession());
        string[] texts = ["fine", "broken" + FakeSession.Broken, "fine"];
        Assert.StartsWith(
            "Text 2", Assert.Throws<ColbertException>(() => TextStreams.Encode(pool, texts, new(TextKind.Document), Token)).Target);
        Assert.Equal(
            ColbertErrorId.InputInvalid,
            Assert.Throws<ColbertException>(() => TextStreams.Encode(pool, ["a", null!], new(TextKind.Document), Token)).Id);
        await Assert.ThrowsAsync<ColbertException>(() =>
            Collect(TextStreams.EncodeAsync(pool, Slowly(texts), new EncodeOptions(TextKind.Document), Token)));
    }

    [Fact]
    public async Task A_source_that_fails_ends_the_stream_with_its_own_error()
    {
        using LanePool pool = Pool(new FakeSession());
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Collect(TextStreams.EncodeAsync(pool, Failing(), new EncodeOptions(TextKind.Document), Token)));

        static async IAsyncEnumerable<string> Failing()
        {
            yield return "one";
            await Task.Yield();
            throw new InvalidDataException();
        }
    }

    private static LanePool Pool(FakeSession session) => new(session, () => new FakeInputs(), new LaneSettings { Sessions = 2, Cpus = 2 });

    private static async IAsyncEnumerable<string> Slowly(string[] texts)
    {
        foreach (string text in texts)
        {
            await Task.Yield();
            yield return text;
        }
    }

    private static async Task<List<string>> Collect(IAsyncEnumerable<ColbertEmbedding> embeddings)
    {
        List<string> texts = [];
        await foreach (ColbertEmbedding embedding in embeddings) texts.Add(embedding.Text);
        return texts;
    }
}
