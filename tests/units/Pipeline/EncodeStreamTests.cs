using System.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

[Collection(nameof(Alone))]
public sealed class EncodeStreamTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, null)]
    [InlineData(1, 1)]
    [InlineData(2, null)]
    [InlineData(2, 2)]
    [InlineData(25, null)]
    [InlineData(25, 32)]
    public void Results_leave_in_the_order_of_the_requests(int lanes, int? batchSize)
    {
        using var session = new FakeSession { MostMicroseconds = 2000 };
        using LanePool pool = Pool(session, lanes, batchSize);
        string[] texts = Texts(3000, seed: lanes);
        List<ColbertEncodeResult> results = Encode(pool, texts);
        Assert.Equal(texts, results.Select(r => r.Input.Text));
        Assert.All(results, Check);
        Assert.InRange(session.MostAtOnce, 1, lanes);
        Assert.Equal(0, session.Failures);
        output.WriteLine($"{session.Batches.Count} batches, {session.MostAtOnce} at once");
    }

    [Fact]
    public void One_lane_makes_the_same_calls_every_time()
    {
        string[] texts = Texts(2000, seed: 9);
        List<(int, int)>[] batches = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            using var session = new FakeSession();
            // On a busy machine the caller may be slower than the patience, and the rest of a chunk would be planned without it.
            using var pool = new LanePool(
                session, () => new FakeInputs(), new LaneSettings { Sessions = 1, Cpus = 1, PatienceMilliseconds = 600_000 });
            Encode(pool, texts);
            return session.Batches;
        })];
        Assert.Equal(batches[0], batches[1]);
        Assert.Equal(batches[0], batches[2]);
    }

    [Fact]
    public void No_more_batches_run_at_once_than_there_are_CPUs()
    {
        using var session = new FakeSession { MostMicroseconds = 3000 };
        using var pool = new LanePool(session, () => new FakeInputs(), new LaneSettings { Sessions = 25, Cpus = 3, BatchSize = 1 });
        Encode(pool, Texts(200, seed: 1));
        Assert.Equal(3, session.MostAtOnce);
    }

    [Fact]
    public void A_text_that_fails_names_itself_and_loses_no_other()
    {
        using var session = new FakeSession();
        using LanePool pool = Pool(session, 2, 32);
        string[] texts = Texts(300, seed: 2);
        texts[100] = "ab" + FakeSession.Broken;
        texts[200] = "not this!";
        List<ColbertEncodeResult> results = Encode(pool, texts);
        for (int i = 0; i < texts.Length; i++)
        {
            if (i is not (100 or 200))
            {
                Check(results[i]);
                continue;
            }

            ColbertException error = results[i].Error!;
            Assert.Null(results[i].Embedding);
            Assert.Equal(i == 100 ? ColbertErrorId.InferenceFailed : ColbertErrorId.InputInvalid, error.Id);
            Assert.Contains($"Text {i + 1} (\"{ShownText.Of(texts[i])}\")", error.Message);
            Assert.Contains(i == 100 ? "The graph refused." : "No exclamation marks.", error.Message);
        }
    }

    [Fact]
    public void Texts_without_tokens_give_no_vectors_and_no_batch()
    {
        using var session = new FakeSession();
        using LanePool pool = Pool(session, 2);
        Assert.All(Encode(pool, ["", "", ""]), result => Assert.Equal(0, result.Embedding!.TokenCount));
        Assert.Empty(session.Batches);
    }

    [Fact]
    public void The_caller_gets_back_what_came_with_the_text()
    {
        using LanePool pool = Pool(new FakeSession(), 1);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document) { IncludeTokens = true });
        object source = new();
        Assert.True(stream.TryAdd(new ColbertText("a,b", "seven", source)));
        stream.Complete();
        Assert.True(stream.Take(out ColbertEncodeResult result));
        ColbertEmbedding embedding = result.Embedding!;
        Assert.Equal("seven", embedding.Id);
        Assert.Same(source, embedding.Source);
        Assert.Equal(["a", "b"], embedding.Tokens!);
        Assert.Equal(['a', 'b'], embedding.TokenIds!);
        Assert.Equal([(0, 1), (2, 3)], embedding.TokenOffsets!);
        Assert.False(embedding.IsTruncated);
        Assert.False(stream.Take(out _));
    }

    [Fact]
    public void Pooled_embeddings_have_no_tokens()
    {
        using var pool = new LanePool(new FakeSession(), () => new FakeInputs(), new LaneSettings());
        foreach ((int factor, int rows) in ((int, int)[])[(1, 10), (3, 4)])
        {
            using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document) { IncludeTokens = true, PoolFactor = factor });
            stream.TryAdd(new ColbertText("abcdefghij"));
            stream.Complete();
            stream.Take(out ColbertEncodeResult result);
            Assert.Equal(rows, result.Embedding!.TokenCount);
            Assert.Equal(factor == 1, result.Embedding.TokenIds is not null);
        }
    }

    [Fact]
    public void A_caller_that_takes_nothing_is_held_back()
    {
        using LanePool pool = Pool(new FakeSession(), 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        int added = 0;
        while (stream.TryAdd(new ColbertText("text"))) added++;
        Assert.InRange(added, 1, WindowLimits.For(2, null).Texts);
        Assert.True(stream.TryTake(out _));
        Assert.True(stream.TryAdd(new ColbertText("text")));
    }

    [Fact]
    public void Large_texts_do_not_pile_up()
    {
        using LanePool pool = Pool(new FakeSession(), 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        string large = new('x', 10_000_000);
        Assert.True(stream.TryAdd(new ColbertText(large)));
        Assert.False(stream.TryAdd(new ColbertText("small")));
        Assert.True(stream.TryTake(out ColbertEncodeResult result));
        Assert.True(result.Embedding!.IsTruncated);
        Assert.True(stream.TryAdd(new ColbertText("small")));
    }

    [Fact]
    public void A_slow_source_sees_its_results_before_the_window_is_full()
    {
        using LanePool pool = Pool(new FakeSession(), 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        stream.TryAdd(new ColbertText("alone"));
        Assert.True(SpinWait.SpinUntil(() => stream.TryTake(out _), ChildProcess.Patience));
    }

    [Fact]
    public void A_thread_that_feeds_and_one_that_drains_get_along()
    {
        using LanePool pool = Pool(new FakeSession { MostMicroseconds = 1000 }, 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        string[] texts = Texts(5000, seed: 6);
        var feeder = new Thread(() =>
        {
            foreach (string text in texts)
                while (!stream.TryAdd(new ColbertText(text))) Thread.Sleep(0);
            stream.Complete();
        });
        feeder.Start();
        List<string> taken = [];
        while (stream.Take(out ColbertEncodeResult result)) taken.Add(result.Input.Text);
        feeder.Join();
        Assert.Equal(texts, taken);
    }

    [Fact]
    public async Task Several_streams_share_the_lanes()
    {
        using var session = new FakeSession { MostMicroseconds = 1000 };
        using LanePool pool = Pool(session, 2);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() =>
        {
            string[] texts = Texts(800, seed: i);
            List<ColbertEncodeResult> results = Encode(pool, texts);
            Assert.Equal(texts, results.Select(r => r.Input.Text));
            Assert.All(results, Check);
        }, Token)));
        Assert.InRange(session.MostAtOnce, 1, 2);
    }

    [Fact]
    public void Cancelling_ends_a_running_call_and_a_waiting_caller()
    {
        using var session = new FakeSession();
        using LanePool pool = Pool(session, 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        stream.TryAdd(new ColbertText("ab" + FakeSession.Stuck));
        stream.Complete();
        var canceller = new Thread(() =>
        {
            session.IsStuck.Wait(ChildProcess.Patience);
            stream.Cancel();
        });
        canceller.Start();
        // The session's Run ends by being cancelled and in no other way.
        Assert.Throws<OperationCanceledException>(() => stream.Take(out _));
        canceller.Join();
        stream.Dispose();
        Assert.Throws<OperationCanceledException>(() => stream.TryAdd(new ColbertText("later")));
        Assert.All(Encode(pool, Texts(50, seed: 3)), Check);
    }

    [Fact]
    public void Closing_the_model_waits_for_running_calls_and_later_use_is_an_error()
    {
        var session = new FakeSession();
        LanePool pool = Pool(session, 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        stream.TryAdd(new ColbertText("ab" + FakeSession.Stuck));
        stream.Complete();
        Assert.True(session.IsStuck.Wait(ChildProcess.Patience, Token));
        pool.Dispose();
        Assert.True(session.IsDisposed);
        Assert.Equal(0, session.DisposedWhileRunning);
        ColbertException error = Assert.Throws<ColbertException>(() => stream.Take(out _));
        Assert.IsType<ObjectDisposedException>(error.InnerException);
        Assert.Throws<ColbertException>(() => new EncodeStream(pool, new EncodeOptions(TextKind.Query)));
    }

    [Fact]
    public void A_single_text_has_a_session_of_its_own()
    {
        using FakeSession singleText = new(), session = new() { SingleText = singleText };
        using LanePool pool = Pool(session, 2, batchSize: 1);
        using EncodeStream stuck = new(pool, new EncodeOptions(TextKind.Query)), other = new(pool, new EncodeOptions(TextKind.Query));
        stuck.TryAdd(new ColbertText("stuck" + FakeSession.Stuck));
        stuck.Complete();
        Assert.True(singleText.IsStuck.Wait(ChildProcess.Patience, Token));

        // Now it has company, and so has the other.
        other.TryAdd(new ColbertText("other"));
        Assert.True(other.Take(out ColbertEncodeResult result));
        Check(result);
        Assert.Equal([(1, 5)], session.Batches);

        // Nobody waits for what was cancelled.
        stuck.Cancel();
        other.TryAdd(new ColbertText("last"));
        Assert.True(other.Take(out result));
        Check(result);
        Assert.Equal([(1, 6), (1, 4)], singleText.Batches);
        Assert.Equal([(1, 5)], session.Batches);
    }

    [Fact]
    public void Texts_that_come_together_share_the_session()
    {
        using FakeSession singleText = new(), session = new() { SingleText = singleText, MostMicroseconds = 2000 };
        using LanePool pool = Pool(session, 1, batchSize: 1);
        Encode(pool, Texts(300, seed: 3));
        Assert.True(singleText.Batches.Count <= 1, "only the last text is a single one");
        Assert.True(session.Batches.Count > 250);
    }

    [Fact]
    public void An_idle_model_uses_no_processor_time()
    {
        using LanePool pool = Pool(new FakeSession(), 8);
        Encode(pool, Texts(20, seed: 1));
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));

        // Lanes may still be on their way to sleep, longer so on a machine that has other work.
        long before;
        DateTime patience = DateTime.UtcNow.Add(ChildProcess.Patience);
        do
        {
            before = pool.Claims;
            Thread.Sleep(200);
        }
        while (before != pool.Claims && DateTime.UtcNow < patience);
        Thread.Sleep(300);
        Assert.Equal(before, pool.Claims);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_texts()
    {
        using LanePool pool = Pool(new FakeSession(), 2);
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        HeldMemory? memory = null;
        long taken = 0;
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 200_000; i++)
        {
            var request = new ColbertText("some short text of the usual kind, number " + i);
            while (!stream.TryAdd(request))
            {
                Assert.True(stream.Take(out ColbertEncodeResult result));
                taken += result.Embedding!.TokenCount > 0 ? 1 : 0;
            }

            if (i == 10_000) memory = new HeldMemory();
            if (i % 20_000 == 19_999) memory!.Look();
        }

        stream.Complete();
        while (stream.Take(out _)) taken++;
        output.WriteLine(
            $"{memory!.Growth / 1e6:f2} MB more between 10,000 and 200,000; {taken / watch.Elapsed.TotalSeconds:f0} texts/s");
        Assert.Equal(200_000, taken);
        Assert.InRange(memory.Growth, 0, 10_000_000);
    }

    private static LanePool Pool(FakeSession session, int lanes, int? batchSize = null) =>
        new(session, () => new FakeInputs(), new LaneSettings { Name = "fake", Sessions = lanes, Cpus = lanes, BatchSize = batchSize });

    private static List<ColbertEncodeResult> Encode(LanePool pool, string[] texts)
    {
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        List<ColbertEncodeResult> results = [];
        foreach (string text in texts)
        {
            while (!stream.TryAdd(new ColbertText(text)))
            {
                Assert.True(stream.TryTake(out ColbertEncodeResult result));
                results.Add(result);
            }
        }

        stream.Complete();
        while (stream.Take(out ColbertEncodeResult result)) results.Add(result);
        return results;
    }

    private static string[] Texts(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(_ =>
                    string.Concat(Enumerable.Range(0, random.Next(1, random.Next(2, 250))).Select(_ => (char)random.Next('"', 'z')))),
        ];
    }

    private static void Check(ColbertEncodeResult result)
    {
        Assert.Null(result.Error);
        string text = result.Input.Text;
        float[] expected =
        [
            .. Enumerable.Range(0, Math.Min(text.Length, FakeInputs.Length)).Where(i => text[i] != ',')
                .SelectMany(i => FakeSession.UnitRow(text[i], i)),
        ];
        Assert.Equal(expected, result.Embedding!.Values.ToArray());
    }
}
