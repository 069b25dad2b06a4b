using ColbertOnnx.Diagnostics;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Diagnostics;

[Collection(nameof(Alone))]
public sealed class ThroughputRunTests
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 60).Select(i => $"text {i}, {new string('x', i * 3 % 170)}")];

    private static readonly ColbertBenchmarkOptions Short = new()
    {
        Repeat = 2,
        LatencyTexts = 3,
        LeastRound = TimeSpan.FromMilliseconds(1),
    };

    [Fact]
    [Trait("Kind", "Timed")]
    public void A_slow_session_and_a_quick_encoder_have_a_share_near_one()
    {
        ColbertThroughput result = Measure(() => Subject(new FakeSession { LeastMilliseconds = 2 }), Short)[0];
        Assert.InRange(result.ShareOfRawLoop.Median, 0.5, 2);
        Assert.True(result.DocumentsPerSecond.Minimum <= result.DocumentsPerSecond.Median
            && result.DocumentsPerSecond.Median <= result.DocumentsPerSecond.Maximum);
    }

    [Fact]
    [Trait("Kind", "Timed")]
    public void A_quick_session_under_a_slow_encoder_has_a_share_near_none()
    {
        ColbertThroughput result = Measure(() => Subject(new FakeSession(), () => new SlowInputs()), Short)[0];
        Assert.InRange(result.ShareOfRawLoop.Median, 0, 0.3);
        Assert.True(result.RawLoopDocumentsPerSecond.Median > 3 * result.DocumentsPerSecond.Median);
    }

    [Fact]
    public void Numbers_of_texts_and_tokens_are_those_of_the_model_inputs()
    {
        ColbertThroughput result = Measure(() => Subject(new FakeSession()), Short)[0];
        Assert.Equal(
            (60, Texts.Sum(text => Math.Min(text.Length, FakeInputs.Length)), "texts"),
            (result.Texts.Count, result.Texts.Tokens, result.Texts.Source));
        Assert.Equal(result.DocumentsPerSecond.Median * result.Texts.Tokens / 60, result.TokensPerSecond.Median, 3);
        Assert.Equal(6, result.Latency.Samples.Count);
        Assert.Equal(2, result.Repeat);
        Assert.InRange(result.PeakMemoryBytes.Median, 1e6, 1e11);
    }

    [Fact]
    public void Configurations_take_turns_and_one_is_open_at_a_time()
    {
        List<string> opened = [];
        int open = 0;
        Func<BenchmarkSubject> Opener(string name) => () =>
        {
            opened.Add(name);
            Assert.Equal(0, open);
            open++;
            return Subject(new FakeSession { Closed = () => open-- }, name: name);
        };
        IReadOnlyList<ColbertThroughput> results = ColbertBenchmark.Measure(
            [Opener("a"), Opener("b")], Texts, Short, null, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b", "a", "b"], opened);
        Assert.Equal(["a", "b"], results.Select(result => result.Configuration.Model));
        Assert.Equal(0, open);
    }

    [Fact]
    public void The_raw_session_loop_runs_the_batches_that_the_encoder_plans()
    {
        FakeSession encoder = new(), raw = new();
        var settings = new LaneSettings { Sessions = 2, Cpus = 2, PatienceMilliseconds = 5000 };
        using var pool = new LanePool(encoder, () => new FakeInputs(), settings);
        EncoderPass.Run(pool, Texts, new(TextKind.Document), _ => { }, TestContext.Current.CancellationToken);
        PreparedTexts prepared = PreparedTexts.Of(
            Texts, TextKind.Document, new FakeInputs(), settings, TestContext.Current.CancellationToken);
        RawSessionLoop.Run(raw, 2, prepared.Batches, TestContext.Current.CancellationToken);
        Assert.Equal(encoder.Batches.Order(), raw.Batches.Order());
        Assert.InRange(raw.Batches.Count, 10, 59);
        Assert.Equal(Enumerable.Range(0, 60), prepared.Batches.SelectMany(batch => batch.Texts).Order());
    }

    [Fact]
    public void Slices_are_whole_chunks_with_enough_batches_for_each_lane_and_hold_every_text_once()
    {
        foreach (int count in new[] { 1, 60, 255, 256, 300, 600, 2000 })
        {
            string[] texts = [.. Enumerable.Range(0, count).Select(i => new string('x', 130 + (i % 40)))];
            PreparedTexts prepared = PreparedTexts.Of(
                texts, TextKind.Document, new FakeInputs(), new LaneSettings { Sessions = 2, Cpus = 2 }, default);
            int text = 0, batch = 0;
            foreach (PreparedSlice slice in prepared.Slices)
            {
                Assert.Equal((text, batch), (slice.FirstText, slice.FirstBatch));
                Assert.Equal(
                    Enumerable.Range(text, slice.Texts), prepared.Batches.Skip(batch).Take(slice.Batches).SelectMany(b => b.Texts).Order());
                if (count >= 64) Assert.InRange(slice.Batches, 64, 300);
                (text, batch) = (text + slice.Texts, batch + slice.Batches);
            }

            Assert.Equal((count, prepared.Batches.Count), (text, batch));
        }
    }

    [Fact]
    public void What_is_not_right_is_not_timed()
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Measure(() => Subject(new FakeSession { Drifts = true }), Short));
        Assert.Equal(ColbertErrorId.InferenceFailed, error.Id);
        Assert.Contains("differ from the raw session loop's", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_texts_and_no_rounds_are_refused()
    {
        Assert.Equal(
            ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => ColbertBenchmark.Measure([], [], Short, null, default)).Id);
        Assert.Equal(
            ColbertErrorId.InputInvalid,
            Assert.Throws<ColbertException>(() => ColbertBenchmark.Measure([], Texts, Short with { Repeat = 0 }, null, default)).Id);
    }

    [Fact]
    public async Task Cancelling_ends_a_measurement()
    {
        using var source = new CancellationTokenSource();
        var options = new ColbertBenchmarkOptions { LeastRound = ChildProcess.Patience * 2 };
        Task run = Task.Run(
            () => ColbertBenchmark.Measure([() => Subject(new FakeSession())], Texts, options, null, source.Token),
            TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(
            ChildProcess.Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_model_is_measured_with_generated_texts_in_a_sweep()
    {
        var options = Short with { Repeat = 1, Count = 20, TokenCount = 24, Sessions = [1, 2], Quantized = [true, false] };
        List<string> said = [];
        IReadOnlyList<ColbertThroughput> results = ColbertBenchmark.Measure(
            TestData.Path("onnx", "bert-base"), null, options, new Steps(said.Add), TestContext.Current.CancellationToken);
        Assert.Equal(
            [(true, 1), (true, 2), (false, 1), (false, 2)], results.Select(r => (r.Configuration.IsQuantized, r.Configuration.Sessions)));
        Assert.All(results, result =>
        {
            Assert.Equal(
                (20, 480, new Spread(24, 24, 24), "generated", 1),
                (result.Texts.Count, result.Texts.Tokens, result.Texts.TokensPerText, result.Texts.Source, result.Texts.Seed));
            Assert.Equal(Environment.ProcessorCount, result.Environment.CpuCount);
            Assert.Empty(ThroughputSchema.Errors(result.ToJson()));
        });
        Assert.Contains(said, line => line.StartsWith("Round 1 of 1", StringComparison.Ordinal));
    }

    private static IReadOnlyList<ColbertThroughput> Measure(Func<BenchmarkSubject> open, ColbertBenchmarkOptions options) =>
        ColbertBenchmark.Measure([open], Texts, options, null, TestContext.Current.CancellationToken);

    private static BenchmarkSubject Subject(IEncoderSession session, Func<IInputBuilder>? inputs = null, string name = "fake")
    {
        inputs ??= () => new FakeInputs();
        var pool = new LanePool(session, inputs, new LaneSettings { Sessions = 2, Cpus = 2 });
        return new BenchmarkSubject(
            pool, inputs,
            new ThroughputConfiguration
            {
                Model = name,
                IsQuantized = false,
                Kind = TextKind.Document,
                Sessions = 2,
                ThreadsPerSession = 1,
            });
    }
}
