using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Tests.Retrieval;

/// <summary>Documents, queries and graded judgements in the form of BEIR: corpus.jsonl, queries.jsonl, qrels.tsv.</summary>
internal sealed class RetrievalCollection
{
    public RetrievalCollection(string folder)
    {
        Documents = [.. Read(Path.Combine(folder, "corpus.jsonl")).Select(d => (Of(d, "_id"), $"{Of(d, "title")} {Of(d, "text")}".Trim()))];
        Queries = [.. Read(Path.Combine(folder, "queries.jsonl")).Select(q => (Of(q, "_id"), Of(q, "text")))];
        Grades = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1).Select(line => line.Split('\t')).GroupBy(row => row[0])
            .ToDictionary(
                rows => rows.Key, rows => rows.ToDictionary(row => row[1], row => int.Parse(row[2], CultureInfo.InvariantCulture)));
    }

    public IReadOnlyList<(string Id, string Text)> Documents { get; }

    public IReadOnlyList<(string Id, string Text)> Queries { get; }

    public Dictionary<string, Dictionary<string, int>> Grades { get; }

    /// <summary>The best documents of each query, as the product ranks them.</summary>
    public Dictionary<string, (string Id, float Score)[]> Rank(ColbertModel model, int top)
    {
        var ranking = new ColbertRanking(model.EncodeQueries(Queries.Select(q => q.Text)), top);
        foreach (ColbertEmbedding document in model.EncodeDocuments(Documents.Select(d => d.Text))) ranking.Add(document);
        return Queries.Index()
            .ToDictionary(q => q.Item.Id, q => ranking.Best(q.Index).Select(s => (Documents[(int)s.Index].Id, s.Score)).ToArray());
    }

    /// <summary>Mean nDCG@10 over the judged queries; a document gains its grade, and 1 / log2(1 + rank) of it counts.</summary>
    public double Ndcg(Dictionary<string, (string Id, float Score)[]> ranking) => Grades.Average(judged =>
        Gain(ranking[judged.Key].Take(10)
            .Select(hit => judged.Value.GetValueOrDefault(hit.Id))) / Gain(judged.Value.Values.OrderDescending().Take(10)));

    private static double Gain(IEnumerable<int> grades) => grades.Index().Sum(g => g.Item / Math.Log2(g.Index + 2));

    private static IEnumerable<JsonElement> Read(string file) => File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement);

    private static string Of(JsonElement record, string name) => record.GetProperty(name).GetString()!;
}
