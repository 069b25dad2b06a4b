
namespace ColbertOnnx.PowerShell.Binding;

/// <summary>Arguments that are embeddings, or texts that a model makes embeddings of; it is opened only for texts.</summary>
internal sealed class EmbeddingArguments(TextKind kind, Func<ColbertModel> model)
{
    public static bool IsEmbedding(object? item) => Wrapped.Bare(item) is ColbertEmbedding || ReturnedEmbedding.Is(item);

    /// <summary>Null for what is a text.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: an embedding came back from another session without its rows.</exception>
    public static ColbertEmbedding? AsEmbedding(object? item) => Wrapped.Bare(item) as ColbertEmbedding ?? (ReturnedEmbedding.Is(item) ? ReturnedEmbedding.Rebuild(item!) : null);

    /// <summary>An embedding for each argument, in their order; those of texts have tokens.</summary>
    /// <exception cref="ColbertException">The first argument that is neither, or that cannot be encoded.</exception>
    public IReadOnlyList<ColbertEmbedding> Resolve(IEnumerable<object?> arguments, CancellationToken cancellation)
    {
        ColbertEmbedding?[] resolved = [.. arguments.Select(AsEmbedding)];
        var binder = new TextBinder(null, null);
        Queue<ColbertText> texts = new(arguments.Where((_, i) => resolved[i] is null).Select(item => binder.Bind(item)).Select(item => new ColbertText(item.Text, item.Id, item.Source)));
        if (texts.Count == 0) return resolved!;

        using ColbertEncodeStream stream = model().OpenStream(kind, new ColbertEncodeOptions { IncludeTokens = true }, cancellation);
        for (int i = 0; i < resolved.Length; i++)
        {
            if (resolved[i] is not null) continue;
            while (texts.TryPeek(out ColbertText request) && stream.TryAdd(request)) texts.Dequeue();
            if (texts.Count == 0) stream.Complete();
            stream.Take(out ColbertEncodeResult result);
            resolved[i] = result.GetEmbedding();
        }

        return resolved!;
    }
}
