namespace ColbertOnnx.Tests;

public sealed class ColbertModelTests
{
    private static readonly string Folder = TestData.Path("onnx", "bert-noexp");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void It_says_what_it_is_and_where_its_settings_come_from()
    {
        using ColbertModel model = ColbertModel.Load(Folder, new ColbertModelOptions { Sessions = 25, DocumentLength = 33 });
        Assert.Equal("bert-noexp", model.Name);
        Assert.Equal(Folder, model.Path);
        Assert.Equal(Path.Combine(Folder, "model.onnx"), model.GraphPath);
        Assert.False(model.IsQuantized);
        Assert.Equal(16, model.Dimension);
        Assert.Equal(25, model.Sessions);
        Assert.Equal(1, model.ThreadsPerSession);
        Assert.Equal(33, model.DocumentLength);
        Assert.Equal("argument", model.Settings.DocumentLength.Source);
        Assert.Equal("onnx_config.json", model.Settings.QueryLength.Source);
        Assert.Equal(QueryExpansion.Off, model.QueryExpansion);
    }

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(null, 0, null)]
    [InlineData(null, null, -1)]
    public void Counts_below_one_are_refused(int? sessions, int? threads, int? batchSize)
    {
        var options = new ColbertModelOptions { Sessions = sessions, ThreadsPerSession = threads, BatchSize = batchSize };
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => ColbertModel.Load(Folder, options)).Id);
    }

    [Fact]
    public void More_threads_than_four_for_each_CPU_are_refused_and_that_many_are_taken()
    {
        int most = 4 * Environment.ProcessorCount;
        var error =
            Assert.Throws<ColbertException>(() => ColbertModel.Load(Folder, new ColbertModelOptions { ThreadsPerSession = most + 1 }));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("ThreadsPerCpu", error.Message, StringComparison.Ordinal);
        using ColbertModel model = ColbertModel.Load(Folder, new ColbertModelOptions { ThreadsPerSession = most });
        Assert.Equal(most, model.ThreadsPerSession);
    }

    [Fact]
    public void A_dimension_that_disagrees_with_the_graph_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Copy(Folder);
        string settings = Path.Combine(folder.Path, "onnx_config.json");
        string text = File.ReadAllText(settings);
        Assert.Contains("\"embedding_dim\": 16", text);
        File.WriteAllText(settings, text.Replace("\"embedding_dim\": 16", "\"embedding_dim\": 128"));
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertModel.Load(folder.Path));
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, error.Id);
        Assert.Contains("128", error.Message);
        Assert.Contains("16", error.Message);
    }

    [Fact]
    public async Task All_forms_give_the_same()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        string[] texts = ["one", "two words", "", "and three words"];
        IReadOnlyList<ColbertEmbedding> list = model.EncodeDocuments(texts, cancellation: Token);
        Assert.Equal(texts, list.Select(e => e.Text));
        int i = 0;
        await foreach (ColbertEmbedding embedding in model.EncodeDocumentsAsync(texts, cancellation: Token))
            Assert.Equal(list[i++].Values.ToArray(), embedding.Values.ToArray());
        Assert.Equal(4, i);
        await foreach (ColbertEmbedding embedding in model.EncodeQueriesAsync(texts.ToAsyncEnumerable(), cancellation: Token))
            Assert.Equal(TextKind.Query, embedding.Kind);
    }

    [Fact]
    public void A_closed_model_says_so()
    {
        ColbertModel model = ColbertModel.Load(Folder);
        model.EncodeQueries(["text"], cancellation: Token);
        model.Dispose();
        model.Dispose();
        ColbertException error = Assert.Throws<ColbertException>(() => model.EncodeQueries(["text"], cancellation: Token));
        Assert.Contains("closed", error.Message);
        Assert.Equal("bert-noexp", model.Name);
    }

    [Fact]
    public void A_text_that_is_not_unicode_is_named()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        ColbertException error = Assert.Throws<ColbertException>(
            () => model.EncodeDocuments(["fine", "bad \uD800 text"], cancellation: Token));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.StartsWith("Text 2", error.Message);
    }

    [Fact]
    public void A_call_pools_as_it_asks_whatever_the_model_was_opened_to()
    {
        const string Text = "one two three four five six seven eight nine ten";
        using ColbertModel plain = ColbertModel.Load(Folder, new() { Sessions = 1 }),
            pooling = ColbertModel.Load(Folder, new() { Sessions = 1, PoolFactor = 3, ProtectedTokens = 2 });
        float[] whole = Of(plain, new()), pooled = Of(pooling, new());
        Assert.True(pooled.Length < whole.Length);
        Assert.Equal(pooled, Of(plain, new() { PoolFactor = 3, ProtectedTokens = 2 }));
        Assert.Equal(whole, Of(pooling, new() { PoolFactor = 1 }));
        Assert.NotEqual(pooled, Of(pooling, new() { ProtectedTokens = 0 }));
        Assert.Equal(
            plain.EncodeQueries([Text])[0].Values.ToArray(),
            plain.EncodeQueries([Text], new ColbertEncodeOptions { PoolFactor = 3 })[0].Values.ToArray());

        static float[] Of(ColbertModel model, ColbertEncodeOptions options) => model.EncodeDocuments([Text], options)[0].Values.ToArray();
    }

    [Theory]
    [InlineData(0, null, "PoolFactor is 0, but the smallest that makes sense is 1.")]
    [InlineData(null, -1, "ProtectedTokens is -1, but the smallest that makes sense is 0.")]
    public void A_call_that_cannot_pool_so_is_refused(int? factor, int? leading, string message)
    {
        using ColbertModel model = ColbertModel.Load(Folder, new() { Sessions = 1 });
        ColbertException error = Assert.Throws<ColbertException>(() => model.EncodeDocuments(
            ["a text"], new ColbertEncodeOptions { PoolFactor = factor, ProtectedTokens = leading }));
        Assert.Equal((ColbertErrorId.InputInvalid, message), (error.Id, error.Message));
    }
}
