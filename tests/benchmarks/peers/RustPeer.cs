using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ColbertOnnx.Native;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>
/// The Rust encoder next-plaid-onnx through its program, which loads, warms up, times one pass, and ends. On the same library as ours.
/// </summary>
internal sealed class RustPeer(string name, string program, string folder, int sessions) : Peer(name)
{
    private PeerTexts? texts;

    public override void Start(PeerTexts given)
    {
        texts = given;
        string dump = Path.Combine(given.Folder, "rust");
        Call("--dump-flat", dump);
        int[] lengths = [.. PeerRows.Read<long>($"{dump}.lens.npy").Select(length => (int)length)];
        if (!lengths.SequenceEqual(given.Lengths)) throw Wrong("its texts have other numbers of token vectors than ours");
        float[] values = PeerRows.Read<float>($"{dump}.npy");
        foreach (float[] row in values.Chunk(values.Length / lengths.Sum())) PeerRows.Check(row);
    }

    public override PeerPass Run()
    {
        JsonElement result = Call();
        return new PeerPass(
            texts!.Texts.Length, result.GetProperty("secs")[0].GetDouble(), result.GetProperty("cpu_s_per_repeat").GetDouble(),
            result.GetProperty("peak_rss_mb").GetDouble());
    }

    private JsonElement Call(params string[] more)
    {
        string[] arguments =
        [
            "--model", folder, "--input", texts!.File, "--kind", "doc",
            "--sessions", sessions.ToString(CultureInfo.InvariantCulture), "--threads", "1", "--batch", "2", "--repeat", "1", "--no-count",
            .. IsQuantized ? (string[])["--quantized"] : [], .. more,
        ];
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["ORT_DYLIB_PATH"] = OrtLibraryLocator.Find() },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw Wrong($"it ended with {process.ExitCode}");
        return JsonDocument.Parse(output).RootElement;
    }
}
