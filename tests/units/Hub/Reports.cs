using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

/// <summary>Keeps what is reported, in order and at once.</summary>
internal sealed class Reports : IProgress<HubProgress>
{
    public List<HubProgress> All { get; } = [];

    public Action<HubProgress> Then { get; init; } = _ => { };

    public IEnumerable<string> Notices => All.Select(report => report.Notice).OfType<string>();

    public void Report(HubProgress value)
    {
        All.Add(value);
        Then(value);
    }
}
