
namespace ColbertOnnx.Tests.Hub;

/// <summary>Keeps what is reported, in order and at once.</summary>
internal sealed class Reports : IProgress<ColbertProgress>
{
    public List<ColbertProgress> All { get; } = [];

    public Action<ColbertProgress> Then { get; init; } = _ => { };

    public IEnumerable<string> Notices => All.Select(report => report.Notice).OfType<string>();

    public void Report(ColbertProgress value)
    {
        All.Add(value);
        Then(value);
    }
}
