
namespace ColbertOnnx.PowerShell.Binding;

/// <summary>Arguments that are embeddings, or texts that a model makes embeddings of; it is opened only for texts.</summary>
internal sealed class EmbeddingArguments(TextKind kind, Func<ColbertModel> model)
{
    public static bool IsEmbedding(object? item) => Wrapped.Bare(item) is ColbertEmbedding || ReturnedEmbedding.Is(item);

    /// <summary>Null for what is a text.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: an embedding came back from another session without
    /// its token vectors.</exception>
    public static ColbertEmbedding? AsEmbedding(object? item) =>
        Wrapped.Bare(item) as ColbertEmbedding ?? (ReturnedEmbedding.Is(item) ? ReturnedEmbedding.Rebuild(item!) : null);

    /// <summary>An embedding for each argument, in their order; those of texts have tokens.</summary>
    /// <exception cref="ColbertException">The first argument that is neither, or that cannot be encoded.</exception>
    public IReadOnlyList<ColbertEmbedding> Resolve(IEnumerable<object?> arguments, CancellationToken cancellation)
    {
        ColbertEmbedding?[] resolved = [.. arguments.Select(AsEmbedding)];
        var binder = new TextBinder(null, null);
        ColbertText[] texts = [.. arguments.Where((_, i) => resolved[i] is null).Select(item => binder.Bind(item))];
        if (texts.Length == 0) return resolved!;

        Queue<int> places = new(Enumerable.Range(0, resolved.Length).Where(i => resolved[i] is null));
        using ColbertEncodeStream stream = model().OpenStream(kind, new ColbertEncodeOptions { IncludeTokens = true }, cancellation);
        foreach (ColbertText text in texts) stream.Push(text, Accept);
        stream.Finish(Accept);
        return resolved!;

        void Accept(ColbertEncodeResult result) => resolved[places.Dequeue()] = result.GetEmbedding();
    }
}
