using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Fuzz;

/// <summary>Mutations of one format, one after the other: each is a function of seed and number.</summary>
internal sealed class FuzzRun(FuzzTarget target, int seed, int first, int count)
{
    /// <summary>A text that takes longer hangs; generous, since machines are busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Of managed memory, for one small file.</summary>
    private const long MostBytes = 3L << 30;

    private const int LongestMessage = 2000, MostFaults = 5;

    private readonly int seed = seed != 0 ? seed : Environment.TickCount | 1;
    private long began = Stopwatch.GetTimestamp();
    private int current;

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>What must not be, with what repeats it.</summary>
    public List<string> Faults { get; } = [];

    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{target.Name}: seed {seed}, {Accepted + Refused} of {count} mutations, {Accepted} read to the end, {Refused} refused with an id");

    /// <summary>Reads on a thread of its own, so that a mutation that never ends is told instead of awaited.</summary>
    public async Task Complete(CancellationToken cancellation)
    {
        Task reading = Task.Factory.StartNew(
            () => ReadAll(cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await Task.WhenAny(reading, Task.Delay(1000, cancellation)) != reading)
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref began)) < Patience) continue;
            Fault(Volatile.Read(ref current), Mutation(Volatile.Read(ref current)), $"not done after {Patience.TotalSeconds:F0} s");
            return;
        }

        await reading;
    }

    private void ReadAll(CancellationToken cancellation)
    {
        for (int number = first; number < first + count && Faults.Count < MostFaults; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] bytes = Mutation(number);
            Volatile.Write(ref current, number);
            Volatile.Write(ref began, Stopwatch.GetTimestamp());
            if (Read(bytes) is { } what) Fault(number, bytes, what);
        }
    }

    private string? Read(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        long before = GC.GetTotalAllocatedBytes();
        try
        {
            target.Read(bytes, folder);
            Accepted++;
        }
        catch (ColbertException error)
        {
            Refused++;
            string shown = $"{error.Message} {error.Action}";
            if (shown.Length > LongestMessage) return $"a message of {shown.Length} characters: {shown[..200]}";
            if (shown.Any(char.IsControl)) return $"control characters in a message: {Uri.EscapeDataString(shown)}";
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return error.ToString();
        }

        long taken = GC.GetTotalAllocatedBytes() - before;
        return taken > MostBytes ? string.Create(CultureInfo.InvariantCulture, $"{taken >> 20} MB were allocated") : null;
    }

    private byte[] Mutation(int number)
    {
        var random = new Random(HashCode(target.Name) ^ (seed * 0x9E3779B ^ number * 0x85EBCA7));
        return target.Mutate(random, target.Corpus[random.Next(target.Corpus.Count)]);
    }

    private void Fault(int number, byte[] bytes, string what)
    {
        string file = Path.Combine(
            Directory.CreateDirectory(Path.Combine(TestData.Repository, "out", "fuzz")).FullName, $"{target.Name}-{seed}-{number}");
        File.WriteAllBytes(file, bytes);
        Faults.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}, COLBERT_FUZZ_SEED={seed} COLBERT_FUZZ_FIRST={number} COLBERT_FUZZ_MUTATIONS=1, in '{file}': {what}"));
    }

    // .NET's own differs from process to process.
    private static int HashCode(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
