using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests;

public sealed class ColbertEmbeddingTests
{
    private static readonly ColbertEmbedding Embedding = new(TextKind.Query, "text", new float[] { 1, 2, 3, 4, 5, 6 }, 2);

    [Fact]
    public void Rows_count_from_either_end_and_are_copies()
    {
        Assert.Equal([3, 4], Embedding[1]);
        Assert.Equal([5, 6], Embedding[-1]);
        Embedding[1][0] = 0;
        Assert.Equal([3, 4], Embedding.Row(-2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Embedding[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Embedding[-4]);
    }

    [Fact]
    public void Rows_are_enumerated_and_the_embedding_is_not()
    {
        Assert.Equal([[1, 2], [3, 4], [5, 6]], Embedding.Rows);
        Assert.Equal(("3 token vectors of dimension 2", 3), (Embedding.Rows.ToString(), Embedding.Rows.Count));
        // A pipeline takes apart what can be enumerated, and counts what has a Count.
        Assert.False(typeof(ColbertEmbedding).IsAssignableTo(typeof(System.Collections.IEnumerable)));
        Assert.Null(typeof(ColbertEmbedding).GetProperty("Count"));
        Assert.Null(typeof(ColbertEmbedding).GetProperty("Length"));
    }

    [Fact]
    public void Two_dimensions_are_copied_row_by_row()
    {
        Assert.Equal(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }, Embedding.ToArray());
        Assert.Equal(Embedding.ToArray(), (float[,])Embedding);
        Assert.Empty(new ColbertEmbedding(TextKind.Document, "", default, 2).ToArray());
    }

    [Fact]
    public void A_setting_says_its_value_and_where_it_came_from()
    {
        Assert.Equal("2 ids (config.json)", new Setting<IReadOnlyList<int>>([5, 7], "config.json").ToString());
        Assert.Equal("Document and Query (x)", new Setting<IReadOnlyList<TextKind>>([TextKind.Document, TextKind.Query], "x").ToString());
        Assert.Equal("none (default)", new Setting<IReadOnlyList<TextKind>>([], "default").ToString());
        Assert.Equal("none (default)", new Setting<int?>(null, "default").ToString());
    }

    [Fact]
    public void Measurements_are_in_order_by_their_medians() =>
        Assert.Equal([2, 9, 30], new Spread[] { new(0, 30, 31), new(1, 2, 99), new(0, 9, 9) }.Order().Select(spread => spread.Median));
}
