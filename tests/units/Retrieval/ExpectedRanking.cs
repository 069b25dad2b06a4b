using System.Text.Json;

namespace ColbertOnnx.Tests.Retrieval;

/// <summary>The ten best of each query as another implementation has them, with its nDCG@10.</summary>
internal sealed class ExpectedRanking
{
    public ExpectedRanking(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        Ndcg = json.RootElement.GetProperty("metrics").GetProperty("ndcg@10").GetDouble();
        Queries = json.RootElement.GetProperty("queries").EnumerateObject()
            .ToDictionary(q => q.Name, q => q.Value.EnumerateArray().Select(hit => (hit[0].GetString()!, hit[1].GetSingle())).ToArray());
    }

    public double Ndcg { get; }

    public Dictionary<string, (string Id, float Score)[]> Queries { get; }

    /// <summary>
    /// Fails unless a ranking has the same scores within the tolerance, place by place, and the same documents but for some whose expected
    /// scores differ by no more than it. Gives the largest difference of a score and the number of exchanged places.
    /// </summary>
    public (double Difference, int Exchanged) AssertSame(Dictionary<string, (string Id, float Score)[]> ranking, double tolerance)
    {
        double difference = 0;
        int exchanged = 0;
        Assert.Equal(Queries.Keys.Order(StringComparer.Ordinal), ranking.Keys.Order(StringComparer.Ordinal));
        foreach ((string query, (string Id, float Score)[] expected) in Queries)
        {
            (string Id, float Score)[] found = ranking[query];
            Assert.Equal(expected.Length, found.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                difference = Math.Max(difference, Math.Abs(found[i].Score - expected[i].Score));
                if (found[i].Id == expected[i].Id) continue;
                exchanged++;
                // One that is not among the expected ten was just behind the last of them.
                (string Id, float Score) known = Array.Find(expected, hit => hit.Id == found[i].Id);
                float its = known.Id is null ? expected[^1].Score : known.Score;
                Assert.True(
                    Math.Abs(its - expected[i].Score) <= tolerance, $"Query {query}, place {i + 1}: {found[i]} instead of {expected[i]}.");
            }
        }

        Assert.InRange(difference, 0, tolerance);
        return (difference, exchanged);
    }
}
