using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>
/// Our side of <see cref="HeldPeer"/>: the encoder, or the raw session loop under it, or under a graph of the upstream exporter.
/// </summary>
internal static class PeerProcess
{
    public const string Verb = "peer-process";

    /// <param name="args">
    /// encoder, raw (the raw session loop) or the path of an upstream graph; our folder; whether INT8; sessions; the file of texts.
    /// </param>
    public static int Run(string[] args)
    {
        string what = args[0];
        var options = new ColbertModelOptions { Quantized = bool.Parse(args[2]), Sessions = int.Parse(args[3]) };
        string[] texts = JsonSerializer.Deserialize<string[]>(File.ReadAllText(args[4]))!;
        using BenchmarkSubject subject = BenchmarkSubject.Open(args[1], options, TextKind.Document);
        using IEncoderSession? upstream = File.Exists(what) ? new DefaultSession(what) : null;
        PreparedTexts prepared = PreparedTexts.Of(
            texts, TextKind.Document, subject.CreateInputs(), subject.Pool.Settings, CancellationToken.None);
        Func<TimeSpan> pass = what == "encoder"
            ? () => EncoderPass.Run(subject.Pool, texts, subject.Options, _ => { }, CancellationToken.None)
            : () => RawSessionLoop.Run(
                upstream ?? subject.Pool.Session, subject.Pool.Settings.Lanes, prepared.Batches, CancellationToken.None);
        if (what == "encoder") CheckEncoder(subject, texts, prepared);
        else CheckRawSession(upstream ?? subject.Pool.Session, prepared);

        pass();
        Say(new { lengths = prepared.Lengths });
        while (Console.ReadLine() is not null) Say(new { seconds = pass().TotalSeconds });
        return 0;
    }

    private static void Say(object answer) => Console.WriteLine(JsonSerializer.Serialize(answer));

    /// <summary>All texts have unit rows, a row a token; those of the first chunk are the raw session loop's.</summary>
    private static void CheckEncoder(BenchmarkSubject subject, string[] texts, PreparedTexts prepared)
    {
        OutputCheck.Run(subject, texts, prepared, CancellationToken.None);
        int done = 0;
        EncoderPass.Run(subject.Pool, texts, subject.Options, embedding =>
        {
            if (OutputCheck.Wrong(embedding, prepared.Lengths[done++], isUnit: true) is { } wrong)
                throw new InvalidOperationException($"text {done}: {wrong}");
        }, CancellationToken.None);
        if (done != texts.Length) throw new InvalidOperationException($"{done} results of {texts.Length} texts");
    }

    private static void CheckRawSession(IEncoderSession session, PreparedTexts prepared)
    {
        float[] output = new float[prepared.Batches.Max(batch => batch.Ids.Length) * session.Dimension];
        foreach (PreparedBatch batch in prepared.Batches)
        {
            ReadOnlySpan<float> rows = RawSessionLoop.RunBatch(session, batch, output, CancellationToken.None);
            for (int row = 0; row < batch.Ids.Length; row++)
            {
                if (batch.Mask[row] != 0) PeerRows.Check(rows.Slice(row * session.Dimension, session.Dimension));
            }
        }
    }
}
