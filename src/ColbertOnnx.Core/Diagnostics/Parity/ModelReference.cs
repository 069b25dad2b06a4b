using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Another model as the reference: what it gives for texts that come one by one, passed on as it is ready.</summary>
internal sealed class ModelReference : IReference, IDisposable
{
    private readonly ColbertModel model;
    private readonly CancellationToken cancellation;
    private readonly EncodeSession?[] sessions = new EncodeSession?[2];

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it would be compared with itself.</exception>
    public ModelReference(ColbertModel model, ColbertModel other, CancellationToken cancellation)
    {
        // Lanes and batches change no number.
        if (model.File == other.File && Plain(model.Options) == Plain(other.Options))
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"The model '{model.Name}' would be compared with itself ({model.File}).", model.File, "Give another model, or other weights of this one: Import-ColbertModel -Quantized (--reference-quantized).");
        }

        this.model = model;
        this.cancellation = cancellation;
    }

    public string Name => $"{model.Name} ({(model.IsQuantized ? "INT8" : "FP32")}{(model.Options.ExecutionProviders is [var first, ..] ? $", {first}" : "")})";

    public bool IsQuantized => model.IsQuantized;

    public IReadOnlyDictionary<string, string> Settings => ReferenceSettings.Of(model.Settings);

    public IReadOnlyList<string> Warnings => model.Warnings;

    public IEnumerable<ReferenceText> Read() => throw new NotSupportedException("Its texts come from outside.");

    public void Add(string text, TextKind kind, string location, string? id, ParityRun run)
    {
        EncodeSession session = sessions[(int)kind] ??= new EncodeSession(model, new EncodeOptions(kind));
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static s => ((EncodeSession)s!).Cancel(), session);
        while (!session.TryAdd(new EncodeRequest(text, id, location)))
            if (session.Take(out EncodeResult result)) Pass(result, kind, run);
        foreach (TextKind each in Enum.GetValues<TextKind>())
            while (sessions[(int)each] is { } open && open.TryTake(out EncodeResult result)) Pass(result, each, run);
    }

    public void Complete(ParityRun run)
    {
        foreach (TextKind kind in Enum.GetValues<TextKind>())
        {
            if (sessions[(int)kind] is not { } session) continue;
            using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static s => ((EncodeSession)s!).Cancel(), session);
            session.Complete();
            while (session.Take(out EncodeResult result)) Pass(result, kind, run);
        }
    }

    public void Dispose()
    {
        foreach (EncodeSession? session in sessions) session?.Dispose();
    }

    private static ColbertModelOptions Plain(ColbertModelOptions options) => options with { Quantized = null, Sessions = null, ThreadsPerSession = null, BatchSize = null };

    private static void Pass(in EncodeResult result, TextKind kind, ParityRun run)
    {
        string location = (string)result.Request.Source!;
        if (result.Embedding is { } there) run.Add(new ReferenceText(result.Request.Text, kind, there.Values, there.Dimension, location, there.Id));
        else run.Fail(result.Error!, location);
    }
}
