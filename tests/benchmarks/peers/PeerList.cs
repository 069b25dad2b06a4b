using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>Who takes part. Names say whose graph it is where that is not the peer's own.</summary>
internal static class PeerList
{
    public const string RawSession = "raw session loop", Encoder = "this encoder, 2 sessions", EncoderOf25 = "this encoder, 25 sessions";
    public const string RawSessionOnTheirs = "raw session loop, upstream's graph";
    public const string Rust2 = "next-plaid-onnx, 2 sessions", Rust25 = "next-plaid-onnx, 25 sessions";
    public const string RustOnOurs = "next-plaid-onnx on our graph, 2 sessions";
    public const string Node = "transformers.js on our graph";

    private static readonly string Program = Path.ChangeExtension(
        typeof(PeerList).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null)!;

    /// <param name="skipped">Gets a sentence for each peer that is not there.</param>
    public static List<Peer> Make(PeerModel model, PeerOptions options, List<string> skipped)
    {
        List<Peer> peers = [];
        foreach (bool quantized in (bool[])[false, true])
        {
            peers.Add(Ours(RawSession, "raw", 2, model, quantized));
            peers.Add(Ours(Encoder, "encoder", 2, model, quantized));
            peers.Add(Ours(EncoderOf25, "encoder", 25, model, quantized));
        }

        AddCommand(peers, model, skipped);
        AddUpstream(peers, model, skipped);
        AddRust(peers, model, options.Rust, skipped);
        AddNode(peers, model, skipped);
        return peers;
    }

    private static HeldPeer Ours(string name, string what, int sessions, PeerModel model, bool quantized)
    {
        string[] arguments =
        [
            PeerProcess.Verb, what, model.Folder, quantized ? "true" : "false", sessions.ToString(CultureInfo.InvariantCulture),
        ];
        return new HeldPeer(name, texts => new ProcessStartInfo(Program, [.. arguments, texts.File])) { IsQuantized = quantized };
    }

    private static void AddCommand(List<Peer> peers, PeerModel model, List<string> skipped)
    {
        string file = OperatingSystem.IsWindows() ? "colbert.exe" : "colbert";
        string program = Path.Combine(TestData.Repository, "src", "ColbertOnnx.Cli", "bin", "Release", "net10.0", file);
        if (File.Exists(program))
            peers.Add(new CommandPeer("colbert encode, the whole process", program, model.Folder) { IsQuantized = true });
        else skipped.Add($"The command is not built: there is no '{program}'.");
    }

    private static void AddUpstream(List<Peer> peers, PeerModel model, List<string> skipped)
    {
        if (model.Upstream is null)
        {
            skipped.Add($"No --upstream folder {model.Shape.Name}.");
            return;
        }

        foreach (bool quantized in (bool[])[false, true])
            peers.Add(Ours(
                RawSessionOnTheirs, Path.Combine(model.UpstreamFolder, quantized ? "model_int8.onnx" : "model.onnx"), 2, model, quantized));
    }

    private static void AddRust(List<Peer> peers, PeerModel model, string? program, List<string> skipped)
    {
        if (!File.Exists(program))
        {
            skipped.Add("No --rust program: next-plaid-onnx is left out.");
            return;
        }

        foreach (bool quantized in (bool[])[false, true])
        {
            peers.Add(new RustPeer(RustOnOurs, program, model.Folder, 2) { IsQuantized = quantized });
            if (model.Upstream is not null) peers.Add(new RustPeer(Rust2, program, model.UpstreamFolder, 2) { IsQuantized = quantized });
        }

        if (model.Upstream is not null) peers.Add(new RustPeer(Rust25, program, model.UpstreamFolder, 25) { IsQuantized = true });
    }

    private static void AddNode(List<Peer> peers, PeerModel model, List<string> skipped)
    {
        if (NodePackage.Missing() is { } reason)
        {
            skipped.Add($"{NodePackage.Name} is left out: {reason}");
            return;
        }

        foreach (bool quantized in (bool[])[false, true])
            peers.Add(new HeldPeer(Node, texts => NodePackage.Program(model.NodeFolder, quantized ? "q8" : "fp32", texts.PrefixedFile))
            {
                IsQuantized = quantized,
            });
    }
}
