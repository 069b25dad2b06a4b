namespace ColbertOnnx.Hub;

/// <summary>Adds up what the files report, from several threads, and passes it on at most five times a second.</summary>
internal sealed class HubProgressMeter(IProgress<ColbertProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> totals = new(StringComparer.Ordinal);
    private string current = "";
    private long last = time.GetTimestamp();

    /// <summary>A file that will be fetched.</summary>
    public void Expect(HubFile file)
    {
        lock (gate) totals[file.Path] = file.Size;
    }

    /// <summary>How much of a file is here.</summary>
    public void Set(HubFile file, long bytes)
    {
        lock (gate)
        {
            current = file.Path;
            done[file.Path] = bytes;
            if (time.GetElapsedTime(last) < Interval) return;
            Report(null);
        }
    }

    /// <summary>The last word; nothing when no file was fetched.</summary>
    public void Complete()
    {
        lock (gate)
        {
            if (totals.Count > 0) Report(null);
        }
    }

    public void Notice(string sentence)
    {
        lock (gate) Report(sentence);
    }

    // Sizes are what a server says: their sum may be beyond all numbers.
    private static long Sum(Dictionary<string, long> bytes) => (long)Math.Min(bytes.Values.Sum(number => (double)number), long.MaxValue);

    private void Report(string? notice)
    {
        last = time.GetTimestamp();
        progress?.Report(new ColbertProgress(current, Sum(done), Sum(totals), notice));
    }
}
