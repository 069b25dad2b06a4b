using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>
/// A process that stays: it says a line of JSON when it has loaded, checked and warmed up, and runs a pass for each line that it gets.
/// Its memory and CPU time are looked at from outside.
/// </summary>
internal sealed class HeldPeer(string name, Func<PeerTexts, ProcessStartInfo> program) : Peer(name)
{
    private Process? process;
    private PeerTexts? texts;

    /// <summary>What it says of itself when it is ready.</summary>
    public string Note { get; private set; } = "";

    public override void Start(PeerTexts given)
    {
        Dispose();
        texts = given;
        ProcessStartInfo start = program(given);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        process = Process.Start(start)!;
        JsonElement ready = Answer();
        Note = ready.TryGetProperty("note", out JsonElement note) ? note.GetString()! : "";
        int[] lengths = ready.GetProperty("lengths").Deserialize<int[]>()!;
        if (!lengths.SequenceEqual(given.Lengths)) throw Wrong("its texts have other numbers of token vectors than ours");
    }

    public override PeerPass Run()
    {
        double before = CpuSeconds();
        ResetPeak();
        process!.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        double seconds = Answer().GetProperty("seconds").GetDouble();
        return new PeerPass(texts!.Texts.Length, seconds, CpuSeconds() - before, Peak());
    }

    public override void Dispose()
    {
        if (process is null) return;
        process.StandardInput.Close(); // it ends by itself then
        if (!process.WaitForExit(10_000)) process.Kill();
        process.Dispose();
        process = null;
    }

    private JsonElement Answer() => process!.StandardOutput.ReadLine() is { } line
        ? JsonDocument.Parse(line).RootElement
        : throw Wrong("it ended without an answer; what it wrote above says why");

    private double CpuSeconds()
    {
        process!.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    // Linux keeps the highest mark, and begins anew when told to; elsewhere the mark is that of loading and checking as well.
    private void ResetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process!.Id}/clear_refs"), "5");
    }

    private double Peak()
    {
        process!.Refresh();
        return process.PeakWorkingSet64 / 1e6;
    }
}
