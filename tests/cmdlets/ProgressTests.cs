using System.Management.Automation;
using ColbertOnnx.PowerShell.Output;
using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Cmdlets;

public sealed class ProgressTests
{
    private readonly SkippingTime clock = new();
    private readonly List<ProgressRecord> records = [];

    [Fact]
    public void Short_work_shows_nothing()
    {
        WorkProgress progress = Begin("Encoding");
        for (int i = 0; i < 19; i++) Step(progress, i, 100, 100);
        progress.End();
        Assert.Empty(records);
    }

    [Fact]
    public void Long_work_shows_count_speed_and_time_left_five_times_a_second_at_most()
    {
        WorkProgress progress = Begin("Encoding");
        for (int i = 1; i <= 1000; i++) Step(progress, i, 2000, 10);
        progress.End();
        Assert.InRange(records.Count, 36, 42);
        Assert.Equal(("Encoding", ProgressRecordType.Completed), (records[^1].Activity, records[^1].RecordType));
        Assert.Single(records.Select(record => record.ActivityId).Distinct());
        ProgressRecord last = records[^2];
        Assert.Equal(ProgressRecordType.Processing, last.RecordType);
        Assert.Matches(@"^(9\d\d|1,000) of 2,000 texts, 100/s$", last.StatusDescription);
        Assert.InRange(last.PercentComplete, 48, 50);
        Assert.InRange(last.SecondsRemaining, 10, 11);
    }

    [Fact]
    public void Without_a_total_there_is_no_part_and_no_time_left()
    {
        WorkProgress progress = Begin("Encoding");
        for (int i = 1; i <= 30; i++) Step(progress, i * 1000, null, 100);
        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.Equal((-1, -1), (record.PercentComplete, record.SecondsRemaining)));
        Assert.Equal("30,000 texts, 10,000/s", records[^1].StatusDescription);
    }

    [Fact]
    public void What_was_there_before_does_not_make_the_rest_look_near()
    {
        WorkProgress progress = Begin("Downloading");
        progress.Show("file", 0.9);
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Show("file", 0.91);
        Assert.Equal((91, 90), (records[^1].PercentComplete, records[^1].SecondsRemaining));
    }

    [Fact]
    public void Verbose_messages_say_which_model_how_it_runs_and_how_fast_it_was()
    {
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 3, BatchSize = 4 });
        CmdletRun run = CmdletRun.Run(
            "ConvertTo-ColbertEmbedding", new() { ["Query"] = true, ["Text"] = new[] { "a", "b" }, ["Model"] = model });
        Assert.Equal(2, run.Verbose.Count);
        Assert.All(
            [
                "bert-base, FP32, dimension 16", "model.onnx", "3 sessions of 1 thread", "batches of 4", "Cpu runs",
                $"queries of {model.QueryLength} tokens",
            ],
            part => Assert.Contains(part, run.Verbose[0], StringComparison.Ordinal));
        Assert.Matches($@"^2 texts gave {2 * model.QueryLength} token vectors in \d+\.\d\d s, [\d.]+ texts/s\.$", run.Verbose[1]);
    }

    private WorkProgress Begin(string activity) => new(records.Add, activity, clock);

    private void Step(WorkProgress progress, long texts, long? total, int milliseconds)
    {
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        progress.Show(texts, total);
    }
}
