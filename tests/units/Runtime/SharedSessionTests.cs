using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

public sealed class SharedSessionTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => ["embedded", .. ReferenceCase.OnnxNames];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_single_text_gets_the_same_bits_from_all_CPUs(string name)
    {
        using PackedModel model = new(name);
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 4);
        IEncoderSession singleText = await OpenSingleText(session);
        Assert.Equal(PackedModel.Rows(session), PackedModel.Rows(singleText));
        Assert.Equal(model.PlainRows(), PackedModel.Rows(singleText));
    }

    [Fact]
    [Trait("Kind", "Timed")]
    public async Task Its_threads_use_no_CPU_time_between_batches()
    {
        using PackedModel model = new("embedded");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 4);
        IEncoderSession singleText = await OpenSingleText(session);
        PackedModel.Rows(singleText);

        // Other threads of the test process may work, the compiler's for seconds: the quietest of some pauses counts. A thread that spins
        // takes all of every one.
        double least = double.MaxValue;
        for (int i = 0; i < 50 && least > 20; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            await Task.Delay(200, TestContext.Current.CancellationToken);
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        output.WriteLine($"{least:f1} ms of CPU time in 200 ms");
        Assert.InRange(least, 0, 20);
    }

    [Theory]
    [InlineData("threads of the user", 1, true, 4)]
    [InlineData("one CPU", null, true, 1)]
    [InlineData("no packed weights to share", null, false, 4)]
    public void There_is_no_second_session_with(string reason, int? threads, bool cached, int cpus)
    {
        using PackedModel model = new("bert-base");
        using SharedSession session = SharedSession.Open(model.Graph, threads, cached ? model.Cache : null, cpus);
        IEncoderSession first = session.ForSingleText();
        for (int i = 0; i < 5; i++) Assert.Same(first, session.ForSingleText());
        Assert.True(session.SingleText is null, reason);
    }

    [Fact]
    public void It_is_opened_for_the_second_single_text_and_not_before()
    {
        using PackedModel model = new("bert-base");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        session.ForSingleText();
        Assert.Null(session.SingleText);
        session.ForSingleText();
        Assert.NotNull(session.SingleText);
        session.Dispose(); // closing while it opens waits for it
        Assert.True(session.SingleText.IsCompleted);
    }

    private static async Task<IEncoderSession> OpenSingleText(SharedSession session)
    {
        IEncoderSession shared = session.ForSingleText();
        session.ForSingleText();
        await session.SingleText!.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
        IEncoderSession singleText = session.ForSingleText();
        Assert.NotSame(shared, singleText);
        return singleText;
    }
}
