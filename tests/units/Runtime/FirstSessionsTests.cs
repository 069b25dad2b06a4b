using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>A server opens its models side by side, first thing: what the library does once for the process must be done by then.</summary>
[Collection(nameof(Alone))]
public sealed class FirstSessionsTests(ITestOutputHelper output)
{
    // Without the session that OrtEnvironment makes, one process of four fails.
    private const int Processes = 10;

    [Fact]
    public async Task The_first_sessions_of_a_process_can_be_opened_side_by_side()
    {
        for (int i = 0; i < Processes; i++)
        {
            (int exit, string text) = await TestProcess.Run(new Dictionary<string, string>(), typeof(FirstSessionsCheck));
            if (exit != 0) output.WriteLine(text);
            Assert.Equal(0, exit);
            Assert.Contains("Total: 1,", text, StringComparison.Ordinal);
        }
    }
}

public sealed class FirstSessionsCheck
{
    [Fact]
    public void Two_sessions_open_at_the_same_moment()
    {
        string graph = TestData.Path("onnx", "bert-base", "model.onnx");
        using var together = new Barrier(2);
        Exception?[] errors = new Exception?[2];
        Thread[] threads = [.. errors.Select((_, i) => new Thread(() =>
        {
            together.SignalAndWait();
            try
            {
                OrtEncoderSession.Open(graph, new EncoderSessionOptions()).Dispose();
            }
            catch (Exception e)
            {
                errors[i] = e;
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.All(errors, Assert.Null);
    }
}
