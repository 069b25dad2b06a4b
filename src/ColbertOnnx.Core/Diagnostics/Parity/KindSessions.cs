using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Queries and documents through one model, a stream for each kind, fed and drained by one thread. What is cancelled ends both.</summary>
/// <param name="model">Stays open; who made it closes it.</param>
/// <param name="includeTokens">Embeddings come with their tokens.</param>
/// <param name="accept">Gets each result, in order within its kind.</param>
/// <param name="cancellation">Every member throws then.</param>
internal sealed class KindSessions(ColbertModel model, bool includeTokens, Action<EncodeResult, TextKind> accept, CancellationToken cancellation) : IDisposable
{
    private readonly (EncodeSession? Session, CancellationTokenRegistration Registration)[] streams = new (EncodeSession?, CancellationTokenRegistration)[2];

    /// <summary>Puts a text in, and passes on what is ready.</summary>
    public void Add(in EncodeRequest request, TextKind kind)
    {
        EncodeSession session = Of(kind);
        while (!session.TryAdd(request))
            if (session.Take(out EncodeResult result)) accept(result, kind);
        foreach (TextKind each in Enum.GetValues<TextKind>())
            while (streams[(int)each].Session is { } open && open.TryTake(out EncodeResult result)) accept(result, each);
    }

    /// <summary>No more texts will come: passes on the rest.</summary>
    public void Complete()
    {
        foreach (TextKind kind in Enum.GetValues<TextKind>())
        {
            if (streams[(int)kind].Session is not { } session) continue;
            session.Complete();
            while (session.Take(out EncodeResult result)) accept(result, kind);
        }
    }

    public void Dispose()
    {
        foreach ((EncodeSession? session, CancellationTokenRegistration registration) in streams)
        {
            registration.Dispose();
            session?.Dispose();
        }
    }

    private EncodeSession Of(TextKind kind)
    {
        ref var stream = ref streams[(int)kind];
        if (stream.Session is not null) return stream.Session;
        stream.Session = new EncodeSession(model.Lanes, new EncodeOptions(kind) { IncludeTokens = includeTokens });
        stream.Registration = cancellation.UnsafeRegister(static s => ((EncodeSession)s!).Cancel(), stream.Session);
        return stream.Session;
    }
}
