namespace ColbertOnnx.Hub;

/// <summary>Steps of an export among the progress of a download.</summary>
internal sealed class HubSteps(IProgress<HubProgress> progress) : IProgress<string>
{
    public void Report(string value) => progress.Report(new HubProgress(value, 0, 0));
}
