using System.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>All texts through the encoder once, from strings to embeddings in order, as the cmdlet and the command do it.</summary>
internal static class EncoderPass
{
    /// <summary>Gives the time that it took. The first text that fails ends it.</summary>
    public static TimeSpan Run(LanePool pool, IEnumerable<string> texts, TextKind kind, Action<ColbertEmbedding> accept, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long began = Stopwatch.GetTimestamp();
        using (var session = new EncodeSession(pool, new EncodeOptions(kind)))
        {
            using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static s => ((EncodeSession)s!).Cancel(), session);
            EncodeResult result;
            foreach (string text in texts)
            {
                var request = new EncodeRequest(text);
                while (!session.TryAdd(request))
                    if (session.Take(out result)) Accept(result);
                while (session.TryTake(out result)) Accept(result);
            }

            session.Complete();
            while (session.Take(out result)) Accept(result);
        }

        return Stopwatch.GetElapsedTime(began);

        void Accept(in EncodeResult result) => accept(result.Embedding ?? throw result.Error!);
    }
}
