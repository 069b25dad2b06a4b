using ColbertOnnx.Cli.Streams;
using Documents = (string Path, System.Collections.Generic.IEnumerable<ColbertOnnx.ColbertEmbedding> Embeddings);

namespace ColbertOnnx.Cli;

/// <summary>Documents that are encoded already, from files into a ranking, one at a time.</summary>
internal static class StoredDocuments
{
    /// <summary>Opens the files one after the other; one that is not there or of no format is an error before anything runs.</summary>
    public static IReadOnlyList<Documents> Open(IEnumerable<string> paths, Terminal terminal) =>
        [.. paths.Select(path => (path, ColbertEmbeddingFile.Read(path, TextKind.Document, terminal.Note)))];

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the place: what is not a document, or of another
    /// dimension than the query, or cannot be read.</exception>
    public static void Rank(IReadOnlyList<Documents> files, ColbertRanking ranking, Terminal terminal)
    {
        var progress = new RunProgress(terminal);
        string? asked = ranking.Queries[0].ModelId;
        try
        {
            foreach ((string path, IEnumerable<ColbertEmbedding> embeddings) in files)
            {
                string? last = asked;
                bool hasDocuments = false, hasQueries = false, isFolder = Directory.Exists(path);
                foreach (ColbertEmbedding document in embeddings)
                {
                    // A folder may hold both, the documents first.
                    hasDocuments |= document.Kind == TextKind.Document;
                    if (isFolder && hasDocuments && document.Kind == TextKind.Query)
                    {
                        hasQueries = true;
                        continue;
                    }

                    Add(document, ranking, terminal.Cancellation);
                    if (document.ModelId is { } model && model != last) Tell(path, last = model);
                    progress.Show(ranking.Count);
                }

                if (!hasQueries) continue;
                progress.End();
                terminal.Note($"'{path}' also holds queries, which are not ranked.");
            }
        }
        finally
        {
            progress.End();
        }

        void Tell(string path, string model)
        {
            progress.End();
            terminal.Note(
                $"'{path}' is of the model '{model}', and the query of '{asked}': scores between two models mean nothing. "
                + "--model names that of the embeddings.");
        }
    }

    private static void Add(ColbertEmbedding document, ColbertRanking ranking, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            ranking.Add(document, ranking.Count, cancellation);
        }
        catch (ColbertException error) when (document.Source is string place
            && !error.Message.Contains($"'{place}'", StringComparison.Ordinal))
        {
            throw new ColbertException(error.Id, $"{place}: {error.Message}", error.Target, error.Action, error);
        }
    }
}
