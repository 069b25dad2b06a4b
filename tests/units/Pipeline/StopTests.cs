using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>A stop reaches what a lane does, and whoever waits for the lane goes on.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan End = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_of_a_stream_ends_a_text_that_is_being_tokenized()
    {
        var rows = new StuckInputs();
        using LanePool pool = Pool(rows);
        var stream = new EncodeStream(pool, new EncodeOptions(TextKind.Document));
        stream.TryAdd(new ColbertText("a"));
        stream.Complete();
        Assert.True(rows.IsStuck.Wait(End, Token));
        await Task.Run(stream.Dispose, Token).WaitAsync(End, Token);
    }

    [Fact]
    public async Task Cancelling_and_closing_end_a_text_that_is_being_tokenized()
    {
        var rows = new StuckInputs();
        LanePool pool = Pool(rows);
        using var cancellation = new CancellationTokenSource();
        Task<List<ColbertEmbedding>> list = Task.Run(
            () => TextStreams.Encode(pool, ["a"], new(TextKind.Document), cancellation.Token), Token);
        Assert.True(rows.IsStuck.Wait(End, Token));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list.WaitAsync(End, Token));

        rows.IsStuck.Reset();
        list = Task.Run(() => TextStreams.Encode(pool, ["a"], new(TextKind.Document), Token), Token);
        Assert.True(rows.IsStuck.Wait(End, Token));
        await Task.Run(pool.Dispose, Token).WaitAsync(End, Token);
        await Assert.ThrowsAsync<ColbertException>(() => list.WaitAsync(End, Token));
    }

    [Fact]
    public void Pooling_hears_a_stop()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        float[] rows = [.. Enumerable.Range(0, 400).Select(i => (float)Math.Sin(i))];
        Assert.Throws<OperationCanceledException>(() => new TokenPooling().Pool(rows, 4, 2, 1, new float[400], stopped.Token));
        var linkage = new WardLinkage();
        linkage.Distances(50).Fill(1);
        Assert.Throws<OperationCanceledException>(() => linkage.Cluster(5, new int[50], stopped.Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TextKind.Query)]
    [InlineData(TextKind.Document)]
    public void The_tokenizer_that_people_ask_hears_a_stop(TextKind? kind)
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        ColbertTokenizer tokenizer = ColbertTokenizer.Open(EmbeddedModel.Find(), kind);
        Assert.Throws<OperationCanceledException>(() => tokenizer.Tokenize("a", stopped.Token));
    }

    private static LanePool Pool(IInputBuilder rows) => new(new FakeSession(), () => rows, new LaneSettings { Sessions = 2, Cpus = 2 });

    /// <summary>A text takes until it is stopped, and fails the test where nobody stops it.</summary>
    private sealed class StuckInputs : IInputBuilder
    {
        public ManualResetEventSlim IsStuck { get; } = new();

        public int PadId => 0;

        public SequenceLimits Limits(TextKind kind) => new(100);

        public string TokenOf(int id) => "";

        public void Build(
            ReadOnlySpan<char> text, TextKind kind, bool withOffsets, ModelInput input, string? prompt = null,
            CancellationToken cancellation = default)
        {
            IsStuck.Set();
            cancellation.WaitHandle.WaitOne(2 * End);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
