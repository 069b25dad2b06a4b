using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ColbertOnnx.Tests;

/// <summary>The samples of docs/extensions-ai.md stand between its names here; the page is compared with them.</summary>
public sealed class EmbeddingGeneratorTests
{
    private static readonly string Folder = TestData.Path("onnx", "bert-noexp");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TextKind.Query)]
    [InlineData(TextKind.Document)]
    public async Task It_gives_what_the_model_gives_and_says_which_model_it_was(TextKind kind)
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        string[] texts = ["first text", "", "a third, somewhat longer text"];
        using IEmbeddingGenerator<string, ColbertEmbedding> generator = kind == TextKind.Query
            ? model.AsQueryGenerator()
            : model.AsDocumentGenerator();
        GeneratedEmbeddings<ColbertEmbedding> embeddings = await generator.GenerateAsync(texts, cancellationToken: Token);
        IReadOnlyList<ColbertEmbedding> expected = kind == TextKind.Query
            ? model.EncodeQueries(texts, cancellation: Token)
            : model.EncodeDocuments(texts, cancellation: Token);
        Assert.Equal(texts, embeddings.Select(embedding => embedding.Text));
        foreach ((ColbertEmbedding one, ColbertEmbedding other) in expected.Zip(embeddings))
        {
            Assert.Equal(kind, other.Kind);
            Assert.Equal(one.Values.ToArray(), other.Values.ToArray());
            Assert.Equal("bert-noexp", other.ModelId);
            Assert.Equal(16, other.Dimensions);
        }

        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        Assert.Equal(("colbert", "bert-noexp", 16), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(model, generator.GetService(typeof(ColbertModel)));
        Assert.Null(generator.GetService(typeof(ColbertModel), "a key"));
    }

    [Fact]
    public async Task Disposing_of_it_leaves_the_model_open()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        model.AsQueryGenerator().Dispose();
        Assert.Single(await model.AsQueryGenerator().GenerateAsync(["a text"], cancellationToken: Token));
    }

    [Fact]
    public async Task Options_that_the_model_cannot_meet_are_errors()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        using IEmbeddingGenerator<string, ColbertEmbedding> generator = model.AsDocumentGenerator();
        foreach (EmbeddingGenerationOptions options in (EmbeddingGenerationOptions[])
        [
            new() { Dimensions = 8 }, new() { ModelId = "another" },
        ])
            Assert.Equal(
                ColbertErrorId.InputInvalid,
                (await Assert.ThrowsAsync<ColbertException>(() => generator.GenerateAsync(["a text"], options, Token))).Id);
        await Assert.ThrowsAsync<ColbertException>(() => generator.GenerateAsync(["half \ud800"], cancellationToken: Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            generator.GenerateAsync(["a text"], cancellationToken: new CancellationToken(true)));
        Assert.Single(await generator.GenerateAsync(
            ["a text"], new EmbeddingGenerationOptions { Dimensions = 16, ModelId = "bert-noexp" }, Token));
    }

    [Fact]
    public void An_embedding_comes_back_from_JSON_bit_by_bit()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        List<ColbertEmbedding> embeddings = [];
        using (ColbertEncodeStream stream = model.OpenStream(
            TextKind.Document, new ColbertEncodeOptions { IncludeTokens = true, Prompt = "a prompt: " }, Token))
        {
            stream.Push(new ColbertText("Größe \u2028 \"quoted\"", "an id"), result => embeddings.Add(result.GetEmbedding()));
            stream.Finish(result => embeddings.Add(result.GetEmbedding()));
        }

        ColbertEmbedding embedding = Assert.Single(embeddings),
            back = JsonSerializer.Deserialize<ColbertEmbedding>(JsonSerializer.Serialize(embedding))!;
        Assert.Equal(embedding.Values.ToArray(), back.Values.ToArray());
        Assert.Equal(
            (embedding.Id, embedding.Text, embedding.Kind, embedding.Dimension, embedding.IsTruncated, embedding.Prompt, embedding.ModelId),
            (back.Id, back.Text, back.Kind, back.Dimension, back.IsTruncated, back.Prompt, back.ModelId));
        Assert.Equal(embedding.TokenIds, back.TokenIds);
        Assert.Equal(embedding.Tokens, back.Tokens);
        Assert.Equal(embedding.TokenOffsets, back.TokenOffsets);
    }

    [Theory]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":3,"values":"AACAPwAAgD8="}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":0,"values":"AACAPw=="}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":-1,"values":""}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1,"values":"AACAPwA="}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1073741824,"values":"AACAPw=="}""")]
    [InlineData("""{"kind":"7","text":"a","is_truncated":false,"dimension":1,"values":""}""")]
    [InlineData("""{"kind":"Query, Document","text":"a","is_truncated":false,"dimension":1,"values":""}""")]
    [InlineData("""{"kind":null,"text":"a","is_truncated":false,"dimension":1,"values":""}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1,"values":"","token_offsets":[[1]]}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1,"values":"","token_offsets":[[1,2,3]]}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1,"values":"","token_offsets":[[-1,2]]}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1,"values":"","token_offsets":[[3,2]]}""")]
    [InlineData("""{"kind":"Query","text":"a","is_truncated":false,"dimension":1,"values":"","tokens":[null]}""")]
    [InlineData("""{"kind":"Query","text":null,"is_truncated":false,"dimension":1,"values":""}""")]
    [InlineData("""{"kind":"Nothing","text":"a","is_truncated":false,"dimension":1,"values":""}""")]
    [InlineData("""{"kind":"Query"}""")]
    [InlineData("[]")]
    public void JSON_that_is_no_embedding_is_an_error_of_JSON(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ColbertEmbedding>(json));

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 30)]
    public void An_embedding_without_vectors_comes_back_from_JSON(int dimension)
    {
        ColbertEmbedding back = JsonSerializer.Deserialize<ColbertEmbedding>(
            JsonSerializer.Serialize(new ColbertEmbedding(TextKind.Query, "a", default, dimension)))!;
        Assert.Equal((dimension, 0), (back.Dimension, back.TokenCount));
    }

    [Fact]
    public async Task A_cache_answers_the_second_time()
    {
        using ColbertModel model = ColbertModel.Load(Folder);
        var memory = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        var documents = new Counted(model.AsDocumentGenerator());
        // cache
        IDistributedCache cache = memory; // any other, such as Redis
        using IEmbeddingGenerator<string, ColbertEmbedding> generator = documents.AsBuilder().UseDistributedCache(cache).Build();
        ColbertEmbedding first = (await generator.GenerateAsync(["a text"]))[0];
        ColbertEmbedding second = (await generator.GenerateAsync(["a text"]))[0]; // from the cache
        // end
        Assert.Equal(1, documents.Calls);
        Assert.NotSame(first, second);
        Assert.Equal(first.Values.ToArray(), second.Values.ToArray());
    }

    [Fact]
    public async Task Logging_and_dependency_injection_take_it()
    {
        string folder = Folder;
        List<string> logged = [];
        // services
        var services = new ServiceCollection();
        services.AddSingleton(_ => ColbertModel.Load(folder));
        services.AddKeyedEmbeddingGenerator("queries", provider => provider.GetRequiredService<ColbertModel>().AsQueryGenerator())
            .UseLogging();
        services.AddKeyedEmbeddingGenerator("documents", provider => provider.GetRequiredService<ColbertModel>().AsDocumentGenerator())
            .UseOpenTelemetry();
        // end
        services.AddSingleton<ILoggerFactory>(new LogList(logged));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var queries = provider.GetRequiredKeyedService<IEmbeddingGenerator<string, ColbertEmbedding>>("queries");
        var documents = provider.GetRequiredKeyedService<IEmbeddingGenerator<string, ColbertEmbedding>>("documents");
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name.Contains("Extensions.AI", StringComparison.Ordinal),
            Sample = (ref _) => System.Diagnostics.ActivitySamplingResult.AllData,
        };
        List<string> activities = [];
        listener.ActivityStopped = activity => activities.Add(activity.DisplayName);
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        Assert.Equal(TextKind.Query, (await queries.GenerateAsync(["a text"], cancellationToken: Token))[0].Kind);
        Assert.Equal(TextKind.Document, (await documents.GenerateAsync(["a text"], cancellationToken: Token))[0].Kind);
        Assert.Contains(logged, line => line.Contains("GenerateAsync", StringComparison.Ordinal));
        Assert.Contains(activities, name => name.Contains("bert-noexp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cache")]
    [InlineData("services")]
    public void The_page_shows_what_runs_here(string name)
    {
        string source = File.ReadAllText(Path.Combine(TestData.Repository, "tests", "units", "EmbeddingGeneratorTests.cs"));
        int from = source.IndexOf($"        // {name}\n", StringComparison.Ordinal);
        string[] lines = source[from..source.IndexOf("        // end", from, StringComparison.Ordinal)].Split('\n')[1..^1];
        string page = File.ReadAllText(Path.Combine(TestData.Repository, "docs", "extensions-ai.md"));
        Assert.Contains(string.Join('\n', lines.Select(line => line.Length > 8 ? line[8..] : "")), page, StringComparison.Ordinal);
    }

    private sealed class Counted(IEmbeddingGenerator<string, ColbertEmbedding> inner)
        : DelegatingEmbeddingGenerator<string, ColbertEmbedding>(inner)
    {
        public int Calls { get; private set; }

        public override Task<GeneratedEmbeddings<ColbertEmbedding>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            return base.GenerateAsync(values, options, cancellationToken);
        }
    }

    private sealed class LogList(List<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
