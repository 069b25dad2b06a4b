namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>
/// Queries and documents of the whole stream, by the vectors of model and reference, each with the same chance (reservoirs with a fixed
/// seed), and bounded: what the differences do to scores and orders.
/// </summary>
internal sealed class RankingSample
{
    // Scores of equal texts differ by rounding alone.
    private const double Tie = 1e-5;

    private const int MostQueries = 32, MostDocuments = 128, MostQueryRows = 2048, MostDocumentRows = 32 * 1024;

    private readonly Reservoir queries = new(MostQueries, MostQueryRows, 1), documents = new(MostDocuments, MostDocumentRows, 2);

    public void Add(TextKind kind, ReadOnlyMemory<float> here, ReadOnlyMemory<float> there, int dimension) =>
        (kind == TextKind.Query ? queries : documents).Add(new Pair(here, there, dimension));

    /// <summary>Null without a query or with fewer than two documents.</summary>
    public ColbertParityRanking? Result(CancellationToken cancellation)
    {
        if (queries.Items.Count == 0 || documents.Items.Count < 2) return null;
        int count = documents.Items.Count, top = Math.Min(10, count), sameBest = 0;
        double drift = 0, largest = 0, scores = 0, tau = 0, overlap = 0;
        double[] here = new double[count], there = new double[count];
        foreach (Pair query in queries.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int d = 0; d < count; d++)
            {
                Pair document = documents.Items[d];
                here[d] = MaxSim.Score(query.Here.Span, document.Here.Span, query.Dimension);
                there[d] = MaxSim.Score(query.There.Span, document.There.Span, query.Dimension);
                double difference = Math.Abs(here[d] - there[d]);
                drift += difference;
                largest = Math.Max(largest, difference);
                scores += there[d];
            }

            int[] orderHere = Order(here), orderThere = Order(there);
            if (there[orderHere[0]] >= there[orderThere[0]] - Tie) sameBest++;
            overlap += (double)orderHere.Take(top).Intersect(orderThere.Take(top)).Count() / top;
            tau += KendallTau(here, there);
        }

        int asked = queries.Items.Count;
        return new ColbertParityRanking
        {
            Queries = asked,
            Documents = count,
            MeanDrift = drift / asked / count,
            LargestDrift = largest,
            MeanScore = scores / asked / count,
            KendallTau = tau / asked,
            SameBest = (double)sameBest / asked,
            Top = top,
            Overlap = overlap / asked,
        };
    }

    /// <summary>
    /// Tau-b: pairs in the same order less those in the other, ties counted in each; 1 where one has ties only.
    /// </summary>
    internal static double KendallTau(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        long difference = 0, untiedA = 0, untiedB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int x = Order(a[i], a[j]), y = Order(b[i], b[j]);
                difference += x * y;
                untiedA += x * x;
                untiedB += y * y;
            }
        }

        return untiedA == 0 || untiedB == 0 ? 1 : difference / Math.Sqrt((double)untiedA * untiedB);
    }

    private static int Order(double a, double b) => Math.Abs(a - b) <= Tie ? 0 : Math.Sign(a - b);

    // Of equal scores the earlier document is better.
    private static int[] Order(double[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(d => scores[d]).ThenBy(d => d)];

    private sealed record Pair(ReadOnlyMemory<float> Here, ReadOnlyMemory<float> There, int Dimension)
    {
        public int Rows => Math.Max(Here.Length, There.Length) / Dimension;
    }

    private sealed class Reservoir(int most, int mostRows, int seed)
    {
        private readonly Random random = new(seed);
        private long seen, rows;
        private int capacity = most;

        public List<Pair> Items { get; } = [];

        public void Add(Pair pair)
        {
            seen++;
            if (Items.Count < capacity) Items.Add(pair);
            else if (random.NextInt64(seen) is var place && place < capacity)
            {
                rows -= Items[(int)place].Rows;
                Items[(int)place] = pair;
            }
            else
            {
                return;
            }

            rows += pair.Rows;
            // Long texts: fewer of them, but never fewer than two.
            while (rows > mostRows && Items.Count > 2)
            {
                int gone = random.Next(Items.Count);
                rows -= Items[gone].Rows;
                Items.RemoveAt(gone);
                capacity = Items.Count;
            }
        }
    }
}
