using System.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>All texts through the encoder once, from strings to embeddings in order, as the cmdlet and the command do it.</summary>
internal static class EncoderPass
{
    /// <summary>Gives the time that it took. The first text that fails ends it.</summary>
    public static TimeSpan Run(
        LanePool pool, IEnumerable<string> texts, EncodeOptions options, Action<ColbertEmbedding> accept, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long began = Stopwatch.GetTimestamp();
        using (var stream = new EncodeStream(pool, options, cancellation))
        {
            foreach (string text in texts) stream.Push(text, Accept);
            stream.Finish(Accept);
        }

        return Stopwatch.GetElapsedTime(began);

        void Accept(ColbertEncodeResult result) => accept(result.GetEmbedding());
    }
}
