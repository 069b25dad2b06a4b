namespace ColbertOnnx;

/// <summary>An open model: one set of weights, several lanes. Safe to use from many threads at once.</summary>
public sealed class ColbertModel : IDisposable
{
    private ColbertModel()
    {
    }

    /// <summary>Opens a model folder; without one, the embedded model.</summary>
    public static ColbertModel Load(string? path = null, ColbertModelOptions? options = null) => throw new NotSupportedException();

    internal Pipeline.LanePool Lanes => throw new NotSupportedException();

    /// <summary>Name of the folder.</summary>
    public string Name => throw new NotSupportedException();

    public string Path => throw new NotSupportedException();

    public int Dimension => throw new NotSupportedException();

    public IReadOnlyList<ColbertEmbedding> EncodeQueries(IEnumerable<string> texts, CancellationToken cancellation = default) => throw new NotSupportedException();

    public IReadOnlyList<ColbertEmbedding> EncodeDocuments(IEnumerable<string> texts, CancellationToken cancellation = default) => throw new NotSupportedException();

    public IAsyncEnumerable<ColbertEmbedding> EncodeQueriesAsync(IAsyncEnumerable<string> texts, CancellationToken cancellation = default) => throw new NotSupportedException();

    public IAsyncEnumerable<ColbertEmbedding> EncodeDocumentsAsync(IAsyncEnumerable<string> texts, CancellationToken cancellation = default) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
