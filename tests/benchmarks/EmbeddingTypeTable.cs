using System.Globalization;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.Tests.Parity;

namespace ColbertOnnx.Benchmarks;

/// <summary>What each type of number costs: documents written, read back and scored, beside the scores of float32.</summary>
internal static class EmbeddingTypeTable
{
    private const int Top = 10;

    public static int Run(string[] args)
    {
        IReadOnlyList<string> queries, documents;
        switch (args)
        {
            case []:
                using (var reference = new MinilmReference())
                {
                    queries = [.. reference.Texts.Where(text => text.Kind == TextKind.Query).Select(text => text.Text)];
                    documents = [.. reference.Texts.Where(text => text.Kind == TextKind.Document).Select(text => text.Text)];
                }

                break;
            case ["--documents", string documentFile, "--queries", string queryFile]:
                (queries, documents) = (TextsOf(queryFile), TextsOf(documentFile));
                break;
            default:
                Console.Error.WriteLine("usage: embedding-types [--documents FILE --queries FILE]");
                return 2;
        }

        using ColbertModel model = ColbertModel.Load();
        IReadOnlyList<ColbertEmbedding> asked = model.EncodeQueries(queries), exact = model.EncodeDocuments(documents);
        float[][] expected = Scores(asked, exact);
        long tokens = exact.Sum(document => (long)document.TokenCount);
        Console.WriteLine(
            $"{model.Name}, {queries.Count} queries, {documents.Count} documents of {tokens} tokens of dimension {model.Dimension}; "
                + $"mean score {Mean(expected.SelectMany(row => row)):0.00}");
        Console.WriteLine();
        Console.WriteLine($"| type | bytes a token | score: mean difference | largest | same first | of the best {Top} the same |");
        Console.WriteLine("|---|---|---|---|---|---|");
        string folder = Directory.CreateTempSubdirectory("colbert-types-").FullName;
        try
        {
            foreach (EmbeddingType type in Enum.GetValues<EmbeddingType>())
            {
                string path = Path.Combine(folder, $"{type}.npz");
                ColbertEmbeddingFile.Write(path, exact, new() { Type = type });
                Row(type, model.Dimension, expected, Scores(asked, [.. ColbertEmbeddingFile.Read(path)]));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static void Row(EmbeddingType type, int dimension, float[][] expected, float[][] actual)
    {
        List<double> differences = [], overlaps = [];
        int first = 0;
        for (int query = 0; query < expected.Length; query++)
        {
            differences.AddRange(expected[query].Zip(actual[query], (a, b) => (double)Math.Abs(a - b)));
            int[] before = Ranking(expected[query]), after = Ranking(actual[query]);
            if (before[0] == after[0]) first++;
            int top = Math.Min(Top, before.Length);
            overlaps.Add(before.Take(top).Intersect(after.Take(top)).Count() / (double)top);
        }

        if (type == EmbeddingType.Float32 && differences.Max() > 0)
            throw new InvalidOperationException("float32 does not read back as it was written.");
        int bytes = PackedVectors.RowBytes(type, dimension) + (type == EmbeddingType.Int8 ? sizeof(float) : 0);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {EmbeddingTypes.NameOf(type)} | {bytes} | {differences.Average():0.#####} | {differences.Max():0.#####} | "
                + $"{100.0 * first / expected.Length:0.0} % | {100 * overlaps.Average():0.0} % |"));
    }

    private static float[][] Scores(IReadOnlyList<ColbertEmbedding> queries, IReadOnlyList<ColbertEmbedding> documents) =>
        [.. queries.AsParallel().AsOrdered().Select(query => documents.Select(document => MaxSim.Score(query, document)).ToArray())];

    // Of equal scores the earlier document is first, before and after.
    private static int[] Ranking(float[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];

    private static double Mean(IEnumerable<float> values) => values.Average(value => (double)value);

    private static string[] TextsOf(string path) =>
        [.. InputReader.ReadFile(path, new InputOptions()).Select(item => item.Error is null ? item.Text : throw item.Error)];
}
