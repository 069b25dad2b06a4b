using ColbertOnnx.Diagnostics.Parity.References;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Another model as the reference: what it gives for texts that come one by one, passed on as it is ready.</summary>
internal sealed class ModelReference : IReference, IDisposable
{
    private readonly ColbertModel model;
    private readonly QueryAndDocumentStreams sessions;
    private readonly int[] counts = new int[2];
    private ParityRun? run;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it would be compared with itself.</exception>
    public ModelReference(ColbertModel model, ColbertModel other, CancellationToken cancellation)
    {
        // Lanes and batches change no value.
        if (model.GraphPath == other.GraphPath && Plain(model.Options) == Plain(other.Options))
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"The model '{model.Name}' would be compared with itself ({model.GraphPath}).",
                model.GraphPath,
                "Give another model, or other weights of this one: Import-ColbertModel -Quantized (--reference-quantized).");
        }

        this.model = model;
        sessions = new QueryAndDocumentStreams(model, includeTokens: false, Pass, cancellation);
    }

    public string Name =>
        $"{model.Name} ({(model.IsQuantized ? "INT8" : "FP32")}"
            + $"{(model.Options.ExecutionProviders is [var first, ..] ? $", {first}" : "")})";

    public bool IsQuantized => model.IsQuantized;

    public IReadOnlyDictionary<string, string> Settings => ReferenceSettings.Of(model.Settings);

    public IReadOnlyList<string> Warnings => model.Warnings;

    public IEnumerable<ReferenceText> Read() => throw new NotSupportedException("Its texts come from outside.");

    /// <summary>Puts a text in; what is ready goes on to the run, which is the same for all texts.</summary>
    public void Add(string text, TextKind kind, string? id, ParityRun run)
    {
        this.run = run;
        string location = FormattableString.Invariant($"{TextKinds.NameOf(kind)} {++counts[(int)kind]}");
        sessions.Add(new ColbertText(text, id, location), kind);
    }

    public void Complete() => sessions.Complete();

    public void Dispose() => sessions.Dispose();

    private static ColbertModelOptions Plain(ColbertModelOptions options) =>
        options with { Quantized = null, Sessions = null, ThreadsPerSession = null, BatchSize = null };

    private void Pass(ColbertEncodeResult result, TextKind kind)
    {
        string location = (string)result.Input.Source!;
        if (result.Embedding is { } there)
            run!.Add(new ReferenceText(result.Input.Text, kind, there.Values, there.Dimension, location, there.Id));
        else run!.Fail(result.Error!, location);
    }
}
