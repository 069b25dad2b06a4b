using System.Diagnostics;
using System.Text.Json;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>The command as a whole process, from its start to its end; JSON Lines to nowhere.</summary>
internal sealed class CommandPeer(string name, string program, string folder) : Peer(name)
{
    /// <summary>The same texts this many times over: its start is a part of a long run, not of a short one.</summary>
    public const int Times = 4;

    private PeerTexts? texts;
    private string input = "";

    public override void Start(PeerTexts given)
    {
        texts = given;
        input = Path.Combine(given.Folder, "command.json");
        File.WriteAllText(input, JsonSerializer.Serialize(new { texts = Enumerable.Repeat(given.Texts, Times).SelectMany(text => text) }));
        string output = Path.Combine(given.Folder, "command.jsonl");
        using Process process = Begin(output);
        process.WaitForExit();
        if (process.ExitCode != 0) throw Wrong($"it ended with {process.ExitCode}");
        int done = 0;
        foreach (string line in File.ReadLines(output))
        {
            float[][] rows = JsonDocument.Parse(line).RootElement.GetProperty("embedding").Deserialize<float[][]>()!;
            if (rows.Length != given.Lengths[done++ % given.Lengths.Length]) throw Wrong($"text {done} has {rows.Length} rows");
            foreach (float[] row in rows) PeerRows.Check(row);
        }

        File.Delete(output);
        if (done != Times * given.Texts.Length) throw Wrong($"{done} results of {Times * given.Texts.Length} texts");
    }

    public override PeerPass Run()
    {
        long began = Stopwatch.GetTimestamp();
        using Process process = Begin("-");
        (double CpuSeconds, double Memory) seen = default;
        Task drain = Drain(process.StandardOutput.BaseStream);
        while (!drain.Wait(20)) seen = Look(process, seen);
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (process.ExitCode != 0) throw Wrong($"it ended with {process.ExitCode}");
        return new PeerPass(Times * texts!.Texts.Length, seconds, seen.CpuSeconds, seen.Memory);
    }

    private Process Begin(string output)
    {
        string[] arguments =
        [
            "encode", input, "--document", "--model", folder, "--quantized", IsQuantized ? "true" : "false", "-o", output,
        ];
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }

    private static async Task Drain(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    // Of a process that has ended there is nothing left to ask, and of one that is ending no memory: what was seen 20 ms before
    // the end at most counts.
    private static (double CpuSeconds, double Memory) Look(Process process, (double CpuSeconds, double Memory) before)
    {
        try
        {
            process.Refresh();
            return (process.TotalProcessorTime.TotalSeconds, Math.Max(before.Memory, process.PeakWorkingSet64 / 1e6));
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return before;
        }
    }
}
