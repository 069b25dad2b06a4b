using System.Globalization;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.IO;
using ColbertOnnx.Native;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>
/// This encoder beside the raw session loop and other encoders: the same texts, an architecture's shape with random weights, a process for
/// each, output checked first, rounds in random order.
/// </summary>
internal static class PeerComparison
{
    public static int Run(string[] args)
    {
        if (PeerOptions.Parse(args) is not { } options)
        {
            Console.Error.WriteLine($"usage: {PeerOptions.Usage}");
            return 2;
        }

        // One writer for the screen and the file, a table at a time: a run that is cut off has given what it had.
        if (options.Markdown is not null) File.Delete(options.Markdown);
        Write(
            options,
            $"{Machine.Describe()}; ONNX Runtime {OrtLibrary.Loaded.Version} for all of them; {NodePackage.Name}; {options.Rounds} "
                + $"rounds in random order");
        foreach (string name in options.Models)
        {
            CheckpointShape shape = PeerOptions.ShapeOf(name);
            string root = Path.Combine(Path.GetTempPath(), $"colbert-peers-{Environment.ProcessId}-{shape.Name}");
            // what opening these models stores goes with them
            Environment.SetEnvironmentVariable(UserCache.Variable, Path.Combine(root, "cache"));
            try
            {
                Console.Error.WriteLine($"Exporting {shape.Name}");
                Compare(PeerModel.Make(shape, root, options.UpstreamOf(shape)), root, options);
            }
            catch (InvalidOperationException e)
            {
                Console.Error.WriteLine($"The comparison ends here: {e.Message}");
                return 1;
            }
            finally
            {
                if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
            }
        }

        return 0;
    }

    private static void Compare(PeerModel model, string root, PeerOptions options)
    {
        List<string> skipped = [];
        List<Peer> peers = PeerList.Make(model, options, skipped);
        if (skipped.Count > 0) Write(options, "\n" + string.Join(' ', skipped));
        try
        {
            foreach (string length in options.Lengths)
            {
                PeerTexts texts;
                using (var subject = BenchmarkSubject.Open(model.Folder, new ColbertModelOptions(), TextKind.Document))
                    texts = PeerTexts.Make(length, options.Tokens, subject.Resolved!, root);
                Rounds(peers, texts, options.Rounds);
                Write(options, PeerTable.Of(model.Shape.Name, texts, peers));
            }
        }
        finally
        {
            foreach (Peer peer in peers) peer.Dispose();
        }
    }

    private static void Rounds(List<Peer> peers, PeerTexts texts, int rounds)
    {
        foreach (Peer peer in peers)
        {
            Console.Error.WriteLine($"{texts.Name}: checking {peer.Name}, {(peer.IsQuantized ? "INT8" : "FP32")}");
            peer.Passes.Clear();
            peer.Start(texts);
        }

        var random = new Random(7);
        for (int round = 0; round < rounds; round++)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{texts.Name}: round {round + 1} of {rounds}"));
            foreach (Peer peer in peers.OrderBy(_ => random.Next()).ToArray()) peer.Passes.Add(peer.Run());
        }
    }

    private static void Write(PeerOptions options, string text)
    {
        Console.WriteLine(text);
        if (options.Markdown is not null) File.AppendAllText(options.Markdown, text + "\n");
    }
}
