using ColbertOnnx.Native;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Runtime;

/// <summary>
/// What runs an open model's graph: one session that its lanes share, each <c>Run</c> on one thread; and, over the same packed weights in
/// the same pages of memory, a second one with a thread for every CPU, for a single text. On another provider it is one session.
/// </summary>
internal sealed class SharedSession : IEncoderSession
{
    // A command that answers one question would pay for the second session and never use it.
    private const int SingleTextsBeforeOpening = 2;

    private readonly IEncoderSession shared;
    private readonly Func<OrtEncoderSession>? openSingleText;
    private readonly Lock gate = new();
    private Task<OrtEncoderSession>? singleText;
    private int singleTexts;
    private bool isDisposed;

    private SharedSession(
        IEncoderSession session, IReadOnlyList<ColbertProviderShare> providers, Func<OrtEncoderSession>? openSingleText = null)
    {
        shared = session;
        Providers = providers;
        this.openSingleText = openSingleText;
    }

    /// <summary>The execution providers that run the nodes.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers { get; }

    /// <summary>How batches are made for what runs them.</summary>
    public BatchPolicy Batches { get; private init; } = BatchPolicy.Cpu;

    /// <summary>Which provider was missing, or has hardly anything to do, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public int Dimension => shared.Dimension;

    public bool HasPerTensorScales => shared.HasPerTensorScales;

    /// <summary>Done when the second session is open; null before its opening began, and where there is none.</summary>
    internal Task? SingleText
    {
        get
        {
            lock (gate) return singleText;
        }
    }

    /// <param name="file">The graph.</param>
    /// <param name="threads">Threads inside one operator as the user wants them: then a single text gets no others.</param>
    /// <param name="cache">Where packed weights may lie; null: nowhere.</param>
    /// <param name="cpus">CPUs that the process may use.</param>
    /// <param name="request">Providers that are wanted; null: the CPU.</param>
    /// <param name="profile">Beginning of the file that gets a profile of all runs; null: none is made.</param>
    /// <exception cref="ColbertException">As <see cref="OrtEncoderSession.Open"/>; <see cref="ColbertErrorId.ProviderUnavailable"/>: one
    /// must be there and is not.</exception>
    public static SharedSession Open(
        string file, int? threads, WeightsCache? cache, int cpus, ProviderRequest? request = null, string? profile = null)
    {
        using IDisposable environment = OrtEnvironment.Begin();
        var opening = new ProviderOpening(request ?? ProviderRequest.Cpu, new ProviderCheck(OrtProviderHost.Instance));
        SharedSession session =
            opening.Open(uses => uses.Count == 0 ? OpenOnCpu(file, threads, cache, cpus, profile) : OpenWith(file, threads, uses, profile));
        try
        {
            if (!opening.Check(session.Providers))
            {
                // What the CPU runs anyway it runs better without the provider: with packed weights, and without waiting in a queue.
                session.Dispose();
                session = OpenOnCpu(file, threads, cache, cpus, profile);
            }
        }
        catch
        {
            session.Dispose();
            throw;
        }

        session.Warnings = [.. opening.Warnings, .. cache?.Notice is { } notice ? (string[])[notice] : []];
        return session;
    }

    private static SharedSession OpenWith(string file, int? threads, IReadOnlyList<ProviderUse> uses, string? profile)
    {
        OrtEncoderSession session = OrtEncoderSession.Open(
            file, new EncoderSessionOptions { Threads = threads ?? 1, Providers = [.. uses], ProfileTo = profile });
        IEncoderSession gated = uses.Min(use => use.Rules.RunsAtOnce) is { } most ? new GatedSession(session, most) : session;
        return new SharedSession(gated, session.Providers) { Batches = uses[0].Rules.Batches };
    }

    // Packed weights are the CPU's: other providers have their own forms, and caches of their own where they can.
    private static SharedSession OpenOnCpu(string file, int? threads, WeightsCache? cache, int cpus, string? profile)
    {
        var options = new EncoderSessionOptions { Threads = threads ?? 1, ProfileTo = profile };

        // A profile is one of the model's own graph, by its own names, and of one session.
        if (profile is not null || cache?.Open(file, options) is not ({ } session, { } graph))
        {
            OrtEncoderSession plain = OrtEncoderSession.Open(file, options);
            return new SharedSession(plain, plain.Providers);
        }

        // Without packed weights a second session would hold the model a second time.
        var singleText = new EncoderSessionOptions { PackedGraph = graph, Threads = cpus, Spin = true };
        return new SharedSession(
            session, session.Providers, threads is null && cpus > 1 ? () => OpenSingleText(file, singleText, session) : null);
    }

    // Its output passes no check of its own.
    private static OrtEncoderSession OpenSingleText(string file, EncoderSessionOptions options, PackedSession packed) =>
        packed.IsWhole(CancellationToken.None)
            ? OrtEncoderSession.Open(file, options)
            : throw new InvalidDataException("The packed weights are damaged.");

    public void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output,
        CancellationToken cancellation) =>
        shared.Run(batch, length, ids, attentionMask, output, cancellation);

    public IEncoderSession ForSingleText()
    {
        if (openSingleText is null) return shared;
        lock (gate)
        {
            if (singleText is null && !isDisposed && ++singleTexts == SingleTextsBeforeOpening) singleText = Task.Run(openSingleText);
            return singleText is { IsCompletedSuccessfully: true } open ? open.Result : shared;
        }
    }

    public void Dispose()
    {
        lock (gate) isDisposed = true;
        if (singleText is not null)
        {
            Task.WaitAny(singleText); // an opening cannot be broken off; one that failed left nothing
            if (singleText.IsCompletedSuccessfully) singleText.Result.Dispose();
        }

        shared.Dispose();
        FreedMemory.GiveBack();
    }
}
