using System.Globalization;
using System.Text;
using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>
/// Two tables in Markdown: what each gave, and the ratios that matter. Each cell is minimum, median, maximum of the rounds.
/// </summary>
internal static class PeerTable
{
    // Of whom, against whom, in INT8 or not.
    private static readonly (string Name, string Other, bool IsQuantized)[] Ratios =
    [
        (PeerList.Encoder, PeerList.RawSession, false),
        (PeerList.Encoder, PeerList.RawSession, true),
        (PeerList.EncoderOf25, PeerList.Encoder, true),
        (PeerList.RawSession, PeerList.RawSessionOnTheirs, false),
        (PeerList.RawSession, PeerList.RawSessionOnTheirs, true),
        (PeerList.Encoder, PeerList.RustOnOurs, false),
        (PeerList.Encoder, PeerList.RustOnOurs, true),
        (PeerList.Encoder, PeerList.Rust2, false),
        (PeerList.Encoder, PeerList.Rust2, true),
        (PeerList.EncoderOf25, PeerList.Rust25, true),
        (PeerList.Encoder, PeerList.Node, false),
        (PeerList.Encoder, PeerList.Node, true),
    ];

    public static string Of(string model, PeerTexts texts, IReadOnlyList<Peer> peers)
    {
        var table = new StringBuilder();
        Line(table, $"\n### {model}, {(texts.Name == PeerTexts.Mixed ? "texts of mixed lengths" : $"texts of {texts.Name} tokens")}\n");
        Line(table, $"{texts.Texts.Length} texts, {texts.Tokens} tokens{Machine.Load("after")}\n");
        Line(table, $"| | weights | docs/s | tokens/s | CPU ms a document | peak memory, MB |");
        Line(table, $"|---|---|---|---|---|---|");
        double tokens = (double)texts.Tokens / texts.Texts.Length;
        foreach (Peer peer in peers)
        {
            string speed = $"{Cell(peer, Rate, "f1")} | {Cell(peer, pass => Rate(pass) * tokens, "f0")}";
            Line(
                table,
                $"| {peer.Name} | {Weights(peer.IsQuantized)} | {speed} | {Cell(peer, Cost, "f2")} | "
                    + $"{Cell(peer, pass => pass.Memory, "f0")} |");
        }

        Line(table, $"\n| against | docs/s, times as many | by CPU time | memory |");
        Line(table, $"|---|---|---|---|");
        foreach ((string name, string other, bool quantized) in Ratios)
        {
            if (Find(peers, name, quantized) is not { } one || Find(peers, other, quantized) is not { } two) continue;
            Line(
                table,
                $"| {name}, against {other}, {Weights(quantized)} | {Ratio(one, two, Rate)} | {Ratio(two, one, Cost)} | "
                    + $"{Ratio(one, two, pass => pass.Memory)} |");
        }

        foreach (HeldPeer peer in peers.OfType<HeldPeer>().Where(peer => peer.Note.Length > 0))
            Line(table, $"\n{peer.Name}, {Weights(peer.IsQuantized)}: {peer.Note}.");
        return table.ToString().TrimEnd();
    }

    private static string Weights(bool isQuantized) => isQuantized ? "INT8" : "FP32";

    private static double Rate(PeerPass pass) => pass.Texts / pass.Seconds;

    private static double Cost(PeerPass pass) => pass.CpuSeconds * 1000 / pass.Texts;

    private static Peer? Find(IReadOnlyList<Peer> peers, string name, bool quantized) =>
        peers.FirstOrDefault(peer => peer.Name == name && peer.IsQuantized == quantized);

    private static string Cell(Peer peer, Func<PeerPass, double> value, string format) => Format(peer.Passes.Select(value), format);

    // Round by round: what the machine did otherwise in a round, it did to both.
    private static string Ratio(Peer one, Peer two, Func<PeerPass, double> value) =>
        Format(one.Passes.Zip(two.Passes, (a, b) => value(a) / value(b)), "f2");

    private static string Format(IEnumerable<double> values, string format)
    {
        Spread spread = Spread.Of([.. values]);
        return string.Join(
            ' ',
            new[] { spread.Minimum, spread.Median, spread.Maximum }.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
    }

    private static void Line(StringBuilder table, string line) => table.Append(line).Append('\n');
}
