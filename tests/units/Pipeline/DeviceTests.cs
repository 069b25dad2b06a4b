using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>What a device wants and the CPU does not: large batches, few shapes, one <c>Run</c> at a time, and memory that ends.</summary>
public sealed class DeviceTests
{
    private static readonly BatchPolicy Buckets = new() { TokensPerBatch = 1024, Lengths = [16, 64, 128, 256], RoundsBatchSize = true };

    [Fact]
    public void Batches_that_must_run_one_by_one_do()
    {
        int most = ProviderTable.Find("DirectML")!.RunsAtOnce!.Value;
        var session = new FakeSession { MostMicroseconds = 2000 };
        using (var pool = new LanePool(
            new GatedSession(session, most), () => new FakeInputs(), new LaneSettings { Sessions = 8, Cpus = 8, BatchSize = 1 }))
            Assert.All(Encode(pool, Texts(100)), result => Assert.Null(result.Error));
        Assert.Equal(1, session.MostAtOnce);
        Assert.True(session.IsDisposed);
    }

    [Fact]
    public async Task Waiting_for_the_one_call_can_be_cancelled()
    {
        using var session = new FakeSession();
        var gated = new GatedSession(session, 1);
        using var stuck = new CancellationTokenSource();
        Task running = Task.Run(
            () => gated.Run(1, 1, [FakeSession.Stuck], [1], new float[4], stuck.Token), TestContext.Current.CancellationToken);
        Assert.True(session.IsStuck.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken));
        using var waiting = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => gated.Run(1, 1, ['a'], [1], new float[4], waiting.Token));
        await stuck.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        gated.Run(1, 1, ['a'], [1], new float[4], TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_call_is_filled_up_to_its_tokens_and_no_further()
    {
        (int[] order, List<PlannedBatch> batches) = Plan(
            [.. Enumerable.Range(0, 500).Select(i => 5 + (i * 7 % 150))], new() { TokensPerBatch = 2000 });
        Assert.Equal(Enumerable.Range(0, 500), order.Order());
        Assert.Equal(500, batches.Sum(batch => batch.Count));
        Assert.All(batches, batch => Assert.True(batch.Count * batch.Length <= 2000));
        Assert.InRange(batches.Count, 500 * 80 / 2000, 30);
    }

    [Fact]
    public void A_device_s_shapes_are_few()
    {
        var random = new Random(3);
        HashSet<(int, int)> shapes = [];
        for (int i = 0; i < 200; i++)
        {
            (_, List<PlannedBatch> batches) = Plan([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(1, 257))], Buckets);
            foreach (PlannedBatch batch in batches) shapes.Add((Buckets.BatchSizeOf(batch.Count), batch.Length));
            Assert.All(batches, batch => Assert.True(batch.Count == 1 || Buckets.BatchSizeOf(batch.Count) * batch.Length <= 1024));
        }

        Assert.All(shapes, shape => Assert.Contains(shape.Item2, Buckets.Lengths));
        Assert.InRange(shapes.Count, 4, 4 * 7);
    }

    [Fact]
    public void Rows_with_tokens_that_attend_to_nothing_are_not_lengthened_to_a_step()
    {
        (int[] order, List<PlannedBatch> batches) = Plan([24, 40, 24, 25, 24, 64, 24, 100], Buckets, unpadded: 24);
        Assert.Equal([(4, 24), (4, 128)], batches.OrderBy(batch => batch.Length).Select(batch => (batch.Count, batch.Length)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], order.Order());
    }

    [Theory]
    [InlineData(10, 512, 16)]
    [InlineData(17, 512, 64)]
    [InlineData(129, 180, 180)]
    [InlineData(200, 180, 200)]
    [InlineData(300, 512, 300)]
    public void A_sequence_is_padded_to_a_listed_length_but_not_beyond_the_model_s_positions(int length, int most, int expected) =>
        Assert.Equal(expected, Buckets.LengthOf(length, new SequenceLimits(most)));

    [Fact]
    public void Rows_and_calls_that_were_filled_up_give_the_same_embeddings()
    {
        var session = new FakeSession { HasEmptySequences = true };
        using var pool = new LanePool(session, () => new FakeInputs(), new LaneSettings { Sessions = 3, Cpus = 3, Batches = Buckets });
        foreach (ColbertEncodeResult result in Encode(pool, Texts(300)))
        {
            ColbertEmbedding embedding = result.Embedding!;
            string kept = result.Input.Text[..Math.Min(FakeInputs.Length, result.Input.Text.Length)];
            for (int i = 0; i < kept.Length; i++) Assert.Equal(FakeSession.UnitRow(kept[i], i), embedding[i]);
        }

        Assert.Equal(0, session.Failures);
        Assert.All(session.Batches, call => Assert.True(int.IsPow2(call.Batch)));
        Assert.Contains(session.Batches, call => call.Batch > 4);
    }

    [Fact]
    public void A_batch_that_memory_does_not_hold_is_halved_until_it_does()
    {
        var session = new FakeSession { MostTokens = 40 };
        using var pool = new LanePool(
            session, () => new FakeInputs(), new LaneSettings { Sessions = 1, Cpus = 1, Batches = new() { TokensPerBatch = 16 * 10 } });
        List<ColbertEncodeResult> results = Encode(pool, [.. Enumerable.Range(0, 16).Select(i => new string((char)('a' + i), 10))]);
        Assert.All(results, result => Assert.Null(result.Error));
        Assert.Equal([16, 8, 4, 4, 8, 4, 4], session.Batches.Select(call => call.Batch));
    }

    [Fact]
    public void A_text_that_alone_is_too_much_is_named_with_its_length_and_the_others_come_back()
    {
        var session = new FakeSession { MostTokens = 40 };
        using var pool = new LanePool(
            session, () => new FakeInputs(), new LaneSettings { Sessions = 1, Cpus = 1, Batches = new() { TokensPerBatch = 1000 } });
        List<ColbertEncodeResult> results = Encode(pool, ["short", new string('x', 77), "also short"]);
        Assert.Equal([false, true, false], results.Select(result => result.Error is not null));
        ColbertException error = results[1].Error!;
        Assert.Equal(ColbertErrorId.InsufficientMemory, error.Id);
        Assert.Contains("77 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("Text 2", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Action!);
    }

    [Fact]
    public void Texts_whose_vectors_no_array_holds_are_too_much_for_memory()
    {
        using var pool = new LanePool(
            new FakeSession { Dimension = int.MaxValue / 2 }, () => new FakeInputs(), new LaneSettings { Sessions = 1, Cpus = 1 });
        Assert.All(Encode(pool, ["abc", "defg"]), result => AssertMemory(result, $"{result.Input.Text.Length} tokens"));
    }

    [Fact]
    public void A_text_with_more_token_vectors_than_pooling_has_distances_for_is_too_much_for_memory()
    {
        const int Tokens = 46_343;
        using var pool = new LanePool(
            new FakeSession(), () => new FakeInputs { Longest = Tokens }, new LaneSettings { Sessions = 1, Cpus = 1 });
        AssertMemory(Assert.Single(Encode(pool, [new string('x', Tokens)], poolFactor: 2)), $"{Tokens} tokens");
    }

    private static void AssertMemory(ColbertEncodeResult result, string length)
    {
        Assert.Equal(ColbertErrorId.InsufficientMemory, result.Error!.Id);
        Assert.Contains(length, result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("array", result.Error.Message, StringComparison.Ordinal);
    }

    private static (int[] Order, List<PlannedBatch> Batches) Plan(int[] lengths, BatchPolicy rules, int? unpadded = null)
    {
        int[] order = new int[lengths.Length];
        List<PlannedBatch> batches = [];
        BatchPlanner.Plan(lengths, null, 2, order, batches, new SequenceLimits(8192, unpadded), rules);
        foreach (PlannedBatch batch in batches)
            Assert.All(order.Skip(batch.Start).Take(batch.Count), text => Assert.True(lengths[text] <= batch.Length));
        return (order, batches);
    }

    private static string[] Texts(int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(_ => new string((char)random.Next('a', 'z'), random.Next(1, 150)))];
    }

    private static List<ColbertEncodeResult> Encode(LanePool pool, string[] texts, double poolFactor = 1)
    {
        List<ColbertEncodeResult> results = [];
        using var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document) { PoolFactor = poolFactor });
        foreach (string text in texts)
        {
            while (!stream.TryAdd(new ColbertText(text)))
                if (stream.TryTake(out ColbertEncodeResult ready)) results.Add(ready);
        }

        stream.Complete();
        while (stream.Take(out ColbertEncodeResult result)) results.Add(result);
        return results;
    }
}
