namespace ColbertOnnx.Tests;

/// <summary>
/// How far the memory that the process holds grows, from the least that it held before. On a busy machine what earlier tests held is given
/// back late, in the midst of a measurement: compared with its beginning or its end alone, that hides a growth or looks like one.
/// </summary>
internal sealed class HeldMemory
{
    private readonly Func<long> held;
    private long least;

    public HeldMemory(Func<long>? held = null)
    {
        this.held = held ?? (() => GC.GetTotalMemory(forceFullCollection: true));
        least = this.held();
    }

    /// <summary>In bytes, as the looks at it have found it.</summary>
    public long Growth { get; private set; }

    public void Look()
    {
        long now = held();
        Growth = Math.Max(Growth, now - least);
        least = Math.Min(least, now);
    }
}
