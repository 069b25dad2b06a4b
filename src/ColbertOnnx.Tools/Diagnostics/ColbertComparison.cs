using ColbertOnnx.Diagnostics.Parity;

namespace ColbertOnnx.Diagnostics;

/// <summary>
/// A model beside another one over texts that come one by one. Memory does not grow with their number. For one caller at a time;
/// <see cref="ColbertReference"/> does the same for lists of texts and for reference files.
/// </summary>
public sealed class ColbertComparison : IDisposable
{
    private readonly ModelReference other;
    private readonly ParityRun run;

    /// <summary>A comparison without texts.</summary>
    /// <param name="model">The model that is looked at.</param>
    /// <param name="reference">The model whose embeddings are taken for right.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="accept">Gets each text's result, in the order of the texts, on the caller's thread.</param>
    /// <param name="report">Gets what keeps a text from being encoded, and the text's place; null: the first one is thrown.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a model would be compared with itself.</exception>
    public ColbertComparison(
        ColbertModel model, ColbertModel reference, ColbertParityOptions? options = null, Action<ColbertTextParity>? accept = null,
        Action<ColbertException, string>? report = null, CancellationToken cancellation = default)
    {
        other = new ModelReference(reference, model, cancellation);
        run = new ParityRun(model, other, options ?? new ColbertParityOptions(), accept, report, cancellation);
    }

    /// <summary>Texts that have been compared.</summary>
    public long Done => run.Done;

    /// <summary>Puts a text in; results that are ready are handed over.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">How it is encoded.</param>
    /// <param name="id">The caller's name for it.</param>
    public void Add(string text, TextKind kind, string? id = null) => other.Add(text, kind, id, run);

    /// <summary>Compares what is left, and sums up.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ReferenceInvalid"/>: there were no texts, or the models have nothing in
    /// common.</exception>
    public ColbertParity Complete()
    {
        other.Complete();
        return run.Complete();
    }

    /// <summary>Ends what still runs.</summary>
    public void Dispose()
    {
        run.Dispose();
        other.Dispose();
    }

    /// <summary>How far it is.</summary>
    public override string ToString() => $"{ShownText.Count(Done, "text")} compared";
}
