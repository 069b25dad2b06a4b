using System.Runtime.CompilerServices;

namespace ColbertOnnx.Tests.Scoring;

public sealed class ColbertRankingTests
{
    [Fact]
    public void The_best_are_those_of_a_sorted_list()
    {
        var random = new Random(1);
        ColbertEmbedding[] queries = [.. Enumerable.Range(0, 3).Select(i => ScoredRows.Query(random, 5 + (i * 9)))];
        ColbertEmbedding[] documents = [.. Enumerable.Range(0, 500).Select(i => ScoredRows.Document(random, $"text {i}", 1 + (i % 40)))];
        var ranking = new ColbertRanking(queries, 7);
        foreach (ColbertEmbedding document in documents) ranking.Add(document);
        Assert.Equal(500, ranking.Count);
        for (int q = 0; q < queries.Length; q++)
        {
            (int Index, double Score)[] expected =
            [
                .. documents.Select((document, i) => (i, ScoredRows.Score(queries[q], document))).OrderByDescending(d => d.Item2).Take(7),
            ];
            IReadOnlyList<ColbertSimilarity> best = ranking.Best(q);
            Assert.Equal(expected.Select(e => (long)e.Index), best.Select(s => s.Index));
            Assert.Equal(Enumerable.Range(1, 7), best.Select(s => s.Rank!.Value));
            Assert.All(best.Zip(expected), pair => Assert.Equal(pair.Second.Score, pair.First.Score, 1e-5));
            Assert.All(best, s => Assert.Same(documents[s.Index], s.Document));
            Assert.All(best, s => Assert.Same(queries[q], s.Query));
        }
    }

    [Fact]
    public void Of_equal_scores_the_earlier_document_is_better()
    {
        var random = new Random(2);
        ColbertEmbedding worse = ScoredRows.Document(random, "other"), same = ScoredRows.Document(random, "same", 30);
        ColbertEmbedding query = new(TextKind.Query, "q", same.Values[..(4 * 24)], 24);
        var ranking = new ColbertRanking([query], 5);
        for (int i = 0; i < 300; i++) ranking.Add(i % 3 == 0 ? worse : same);
        Assert.Equal([1L, 2, 4, 5, 7], ranking.Best().Select(s => s.Index));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var random = new Random(3);
        ColbertEmbedding[] queries = [.. Enumerable.Range(0, 20).Select(_ => ScoredRows.Query(random, 32, 96))];
        ColbertEmbedding[] documents = [.. Enumerable.Range(0, 333).Select(i => ScoredRows.Document(random, $"{i}", 1 + (i % 90), 96))];
        (long, float)[][] all = [.. ((int[])[1, 2, 7]).Select(cpus =>
        {
            var ranking = new ColbertRanking(queries, 50, isLight: true, cpus);
            foreach (ColbertEmbedding document in documents) ranking.Add(document);
            return queries.SelectMany((_, q) => ranking.Best(q).Select(s => (s.Index, s.Score))).ToArray();
        })];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void Documents_that_are_not_among_the_best_are_let_go()
    {
        var ranking = new ColbertRanking([ScoredRows.Query(new Random(5))], 3);
        WeakReference[] seen = AddMany(ranking, 5000);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // The three best, and what the last block may still hold.
        Assert.InRange(seen.Count(document => document.IsAlive), 3, 3 + (Environment.ProcessorCount * 32));
        Assert.Equal(3, ranking.Best().Count);
        GC.KeepAlive(ranking);
    }

    [Fact]
    public void Documents_may_be_added_after_the_results_were_read()
    {
        var random = new Random(6);
        var ranking = new ColbertRanking([ScoredRows.Query(random)], 2);
        Assert.Empty(ranking.Best());
        ranking.Add(ScoredRows.Document(random, "one"));
        Assert.Single(ranking.Best());
        ranking.Add(ScoredRows.Document(random, "two"));
        ranking.Add(ScoredRows.Document(random, "three"));
        Assert.Equal(2, ranking.Best().Count);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused_wherever_it_stands(float bad)
    {
        for (int place = 0; place < 3 * 23; place += 11)
        {
            float[] values = new float[3 * 23];
            values[place] = bad;
            ColbertEmbedding document = new(TextKind.Document, "d", values, 23) { Id = "mine" };
            ColbertEmbedding query = new(TextKind.Query, "q", new float[23], 23);
            var ranking = new ColbertRanking([query]);
            ColbertException error = Assert.Throws<ColbertException>(() => ranking.Add(document));
            Assert.Equal((ColbertErrorId.InputInvalid, "mine", 0), (error.Id, error.Target, ranking.Count));
            Assert.Contains($"Token vector {place / 23} of 'mine'", error.Message, StringComparison.Ordinal);
            Assert.Throws<ColbertException>(() => MaxSim.Score(query, document));
            Assert.Throws<ColbertException>(() => new ColbertRanking([new ColbertEmbedding(TextKind.Query, "q", values, 23)]));
        }
    }

    [Fact]
    public void Kinds_and_dimensions_are_checked_and_the_rest_goes_on()
    {
        var random = new Random(7);
        ColbertEmbedding query = ScoredRows.Query(random), document = ScoredRows.Document(random, "good");
        Assert.Contains(
            "as a document", Assert.Throws<ColbertException>(() => new ColbertRanking([document])).Message, StringComparison.Ordinal);
        Assert.Throws<ColbertException>(() => new ColbertRanking([query, ScoredRows.Query(random, dimension: 23)]));
        var ranking = new ColbertRanking([query]);
        Assert.Contains("as a query", Assert.Throws<ColbertException>(() => ranking.Add(query)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "25", Assert.Throws<ColbertException>(() => ranking.Add(ScoredRows.Document(random, "other", dimension: 25))).Message,
            StringComparison.Ordinal);
        ranking.Add(document);
        Assert.Same(document, Assert.Single(ranking.Best()).Document);
    }

    [Fact]
    public void Matches_add_up_to_the_score()
    {
        var random = new Random(8);
        var ranking = new ColbertRanking([ScoredRows.Query(random)]);
        ranking.Add(ScoredRows.Document(random, "d"));
        ranking.Add(new ColbertEmbedding(TextKind.Document, "", default, 24));
        ColbertSimilarity best = ranking.Best()[0], empty = ranking.Best()[1];
        Assert.Equal(best.Score, best.Matches.Sum(match => match.Cosine), 1e-5);
        Assert.Equal(Enumerable.Range(0, 9), best.Matches.Select(match => match.QueryRow));
        Assert.All(
            best.Matches,
            match => Assert.Equal(
                ScoredRows.Dot(best.Query.Values.Span, match.QueryRow, best.Document.Values.Span, match.DocumentRow, 24),
                match.Cosine, 1e-6));
        Assert.All(empty.Matches, match => Assert.Equal((-1, 0f, null), (match.DocumentRow, match.Cosine, match.DocumentToken)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] AddMany(ColbertRanking ranking, int count)
    {
        var random = new Random(9);
        var seen = new WeakReference[count];
        for (int i = 0; i < count; i++)
        {
            ColbertEmbedding document = ScoredRows.Document(random, "d");
            seen[i] = new WeakReference(document);
            ranking.Add(document);
        }

        return seen;
    }
}
