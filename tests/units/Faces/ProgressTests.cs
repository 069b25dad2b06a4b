using ColbertOnnx.PowerShell.Commands;
using ColbertOnnx.PowerShell.Output;
using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Faces;

public sealed class ProgressTests
{
    private readonly SkippingTime clock = new();
    private readonly Recorder recorder = new();

    [Fact]
    public void Short_work_shows_nothing()
    {
        var progress = new WorkProgress(recorder, "Encoding", clock);
        for (int i = 0; i < 19; i++) Step(progress, i, 100, 100);
        progress.End();
        Assert.Empty(recorder.Progress);
    }

    [Fact]
    public void Long_work_shows_count_speed_and_time_left_five_times_a_second_at_most()
    {
        var progress = new WorkProgress(recorder, "Encoding", clock);
        for (int i = 1; i <= 1000; i++) Step(progress, i, 2000, 10);
        progress.End();
        Assert.InRange(recorder.Progress.Count, 36, 42);
        Assert.Equal(("Encoding", true), (recorder.Progress[^1].Activity, recorder.Progress[^1].IsDone));
        Assert.Single(recorder.Progress.Select(record => record.Id).Distinct());
        CmdletProgress last = recorder.Progress[^2];
        Assert.Matches(@"^(9\d\d|1,000) of 2,000 texts, 100/s$", last.Status);
        Assert.InRange(last.Percent, 48, 50);
        Assert.InRange(last.SecondsLeft, 10, 11);
    }

    [Fact]
    public void Without_a_total_there_is_no_part_and_no_time_left()
    {
        var progress = new WorkProgress(recorder, "Encoding", clock);
        for (int i = 1; i <= 30; i++) Step(progress, i * 1000, null, 100);
        Assert.NotEmpty(recorder.Progress);
        Assert.All(recorder.Progress, record => Assert.Equal((-1, -1), (record.Percent, record.SecondsLeft)));
        Assert.Equal("30,000 texts, 10,000/s", recorder.Progress[^1].Status);
    }

    [Fact]
    public void What_was_there_before_does_not_make_the_rest_look_near()
    {
        var progress = new WorkProgress(recorder, "Downloading", clock);
        progress.Show("file", 0.9);
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Show("file", 0.91);
        Assert.Equal((91, 90), (recorder.Progress[^1].Percent, recorder.Progress[^1].SecondsLeft));
    }

    [Fact]
    public void Verbose_messages_say_which_model_how_it_runs_and_how_fast_it_was()
    {
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 3, BatchSize = 4 });
        Recorder run = CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["a", "b"], Model = model });
        Assert.Equal(2, run.Verbose.Count);
        Assert.All(["bert-base, FP32, 16 dimensions", "model.onnx", "3 sessions of 1 thread", "batches of 4", "Cpu runs", $"queries of {model.QueryLength} tokens"], part => Assert.Contains(part, run.Verbose[0], StringComparison.Ordinal));
        Assert.Matches($@"^2 texts gave {2 * model.QueryLength} rows in \d+\.\d\d s, [\d.]+ texts/s\.$", run.Verbose[1]);
    }

    private void Step(WorkProgress progress, long texts, long? total, int milliseconds)
    {
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        progress.Show(texts, total);
    }
}
