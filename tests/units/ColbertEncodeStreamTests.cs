namespace ColbertOnnx.Tests;

public sealed class ColbertEncodeStreamTests
{
    private const string Broken = "half of a pair \uD800";

    private static readonly string Folder = TestData.Path("onnx", "bert-noexp");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Results_come_in_order_with_id_and_source_and_a_bad_text_has_an_error_of_its_own()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        object[] sources = [.. Enumerable.Range(0, 500).Select(i => (object)i)];
        List<ColbertEncodeResult> results = [];
        using (ColbertEncodeStream stream = model.OpenStream(TextKind.Document, cancellation: Token))
        {
            for (int i = 0; i < sources.Length; i++)
                stream.Push(new ColbertText(i % 7 == 3 ? Broken : $"text {i}", $"id {i}", sources[i]), results.Add);
            stream.Finish(results.Add);
            Assert.True(stream.IsEmpty);
        }

        Assert.Equal(sources.Length, results.Count);
        for (int i = 0; i < sources.Length; i++)
        {
            Assert.Same(sources[i], results[i].Input.Source);
            Assert.Equal($"id {i}", results[i].Input.Id);
            if (i % 7 == 3)
            {
                Assert.Null(results[i].Embedding);
                Assert.Equal(ColbertErrorId.InputInvalid, results[i].Error!.Id);
                Assert.Contains($"id {i}", results[i].Error!.Message, StringComparison.Ordinal);
                Assert.Same(results[i].Error, Assert.Throws<ColbertException>(() => results[i].GetEmbedding()));
            }
            else
            {
                Assert.Null(results[i].Error);
                Assert.Equal($"id {i}", results[i].Embedding!.Id);
                Assert.Same(sources[i], results[i].Embedding!.Source);
                Assert.Null(results[i].Embedding!.TokenIds);
            }
        }
    }

    [Fact]
    public void What_is_asked_for_and_not_done_is_a_warning_of_the_stream()
    {
        using ColbertModel plain = ColbertModel.Load(Folder), pooling = ColbertModel.Load(Folder, new() { PoolFactor = 2 });
        Assert.Equal(
            ["This model does not pool queries, so that a pool factor has no effect."],
            Of(plain, TextKind.Query, new() { PoolFactor = 2, ProtectedTokens = 3 }));
        Assert.Equal(
            ["Nothing is pooled, so that no tokens need to be protected."], Of(plain, TextKind.Document, new() { ProtectedTokens = 3 }));
        Assert.Equal(
            ["Pooled token vectors are of several tokens, so that none are given with them."],
            Of(pooling, TextKind.Document, new() { IncludeTokens = true, ProtectedTokens = 3 }));
        Assert.Contains("'a' has no effect", Assert.Single(Of(plain, TextKind.Query, new() { PromptName = "a", Prompt = "" })));
        Assert.Empty(Of(plain, TextKind.Document, new() { IncludeTokens = true, PoolFactor = 1 }));
        Assert.Empty(Of(pooling, TextKind.Query, new() { IncludeTokens = true, PoolFactor = 1 }));

        static IReadOnlyList<string> Of(ColbertModel model, TextKind kind, ColbertEncodeOptions options)
        {
            using ColbertEncodeStream stream = model.OpenStream(kind, options);
            return stream.Warnings;
        }
    }

    [Fact]
    public async Task The_asynchronous_form_gives_the_same_and_goes_on_behind_a_bad_text()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        ColbertText[] texts = ["first", Broken, new("third", "3"), "fourth"];
        List<ColbertEncodeResult> pushed = [];
        using ColbertEncodeStream stream = model.OpenStream(TextKind.Query, new ColbertEncodeOptions { IncludeTokens = true }, Token);
        foreach (ColbertText text in texts) stream.Push(text, pushed.Add);
        stream.Finish(pushed.Add);

        List<ColbertEncodeResult> results = [];
        await foreach (ColbertEncodeResult result in model.EncodeAsync(
            texts.ToAsyncEnumerable(), TextKind.Query, new ColbertEncodeOptions { IncludeTokens = true }, Token))
            results.Add(result);
        Assert.Equal(texts, results.Select(result => result.Input));
        Assert.Equal([true, false, true, true], results.Select(result => result.Embedding is not null));
        foreach ((ColbertEncodeResult one, ColbertEncodeResult other) in pushed.Zip(results))
        {
            Assert.Equal(one.Embedding?.Values.ToArray(), other.Embedding?.Values.ToArray());
            Assert.Equal(one.Embedding?.TokenIds, other.Embedding?.TokenIds);
            Assert.Equal(one.Error?.Message, other.Error?.Message);
        }

        Assert.NotNull(results[0].Embedding!.TokenIds);
    }

    [Fact]
    public async Task A_source_without_end_is_read_by_a_bounded_window()
    {
        using ColbertModel model = ColbertModel.Load(Folder, new ColbertModelOptions { Sessions = 1 });
        int read = 0;
        await foreach (ColbertEncodeResult result in model.EncodeAsync(Endless(), TextKind.Document, cancellation: Token))
        {
            Assert.NotNull(result.Embedding);
            break;
        }

        Assert.InRange(read, 1, 20_000);

        async IAsyncEnumerable<ColbertText> Endless()
        {
            while (true)
            {
                read++;
                yield return "a text";
                if (read % 1000 == 0) await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_text_that_is_null_is_refused_in_both_forms()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        using ColbertEncodeStream stream = model.OpenStream(TextKind.Document, cancellation: Token);
        Assert.Throws<ArgumentNullException>(() => stream.Push(default, _ => { }));
        await Assert.ThrowsAsync<ArgumentNullException>(async () =>
        {
            await foreach (ColbertEncodeResult _ in model.EncodeAsync(
                new[] { default(ColbertText) }.ToAsyncEnumerable(), TextKind.Document, cancellation: Token))
            {
            }
        });
    }

    [Fact]
    public void A_stream_that_is_cancelled_says_so_in_every_member()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        using var cancellation = new CancellationTokenSource();
        using ColbertEncodeStream stream = model.OpenStream(TextKind.Document, cancellation: cancellation.Token);
        stream.Push("a text", _ => { });
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => stream.Push("another", _ => { }));
        Assert.Throws<OperationCanceledException>(() => stream.Finish(_ => { }));
        Assert.Throws<OperationCanceledException>(() => stream.TryAdd("another"));
        Assert.Throws<OperationCanceledException>(() => stream.TryTake(out _));
        Assert.Throws<OperationCanceledException>(() => stream.Take(out _));
    }

    [Fact]
    public void A_model_that_is_closed_opens_no_stream()
    {
        ColbertModel model = ColbertModel.Load(Folder);
        model.Dispose();
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => model.OpenStream(TextKind.Document)).Id);
    }
}
