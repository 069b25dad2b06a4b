using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class BatchPlannerTests
{
    [Fact]
    public void Every_sequence_is_in_exactly_one_batch_that_is_long_enough()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            int[] lengths = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(1, random.Next(2, 600)))];
            int? batchSize = round % 2 == 0 ? null : random.Next(1, 40);
            (int[] order, List<PlannedBatch> batches) = Plan(lengths, batchSize, random.Next(1, 9));

            Assert.Equal(Enumerable.Range(0, lengths.Length), order.Order());
            Assert.Equal(lengths.Length, batches.Sum(b => b.Count));
            Assert.Equal(lengths.Length, batches.SelectMany(b => Enumerable.Range(b.Start, b.Count)).Distinct().Count());
            foreach (PlannedBatch batch in batches)
            {
                Assert.Equal(order.Skip(batch.Start).Take(batch.Count).Max(i => lengths[i]), batch.Length);
                if (batchSize is int size) Assert.InRange(batch.Count, 1, size);
                else Assert.True(batch.Count == 1 || batch.Count * batch.Length <= BatchPlanner.MostTokens);
            }
        }
    }

    [Fact]
    public void Long_sequences_are_not_batched() =>
        Assert.All(Plan([.. Enumerable.Repeat(BatchPlanner.UnbatchedFrom, 50)], null, 2).Batches, batch => Assert.Equal(1, batch.Count));

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Short_sequences_of_one_length_fill_batches_of_128_to_512_tokens(int length)
    {
        (_, List<PlannedBatch> batches) = Plan([.. Enumerable.Repeat(length, 256)], null, 2);
        Assert.All(batches, batch => Assert.InRange(batch.Count * batch.Length, 128, 512));
        Assert.InRange(batches.Count, 1, 256 * length / 256);
    }

    [Fact]
    public void Rows_of_equal_length_are_not_padded_where_there_are_enough_of_them()
    {
        int[] lengths = [.. Enumerable.Range(0, 240).Select(i => 20 + (20 * (i % 4)))];
        (_, List<PlannedBatch> batches) = Plan(lengths, null, 2);
        Assert.Equal(lengths.Sum(), batches.Sum(b => b.Count * b.Length));
    }

    [Fact]
    public void Padding_is_less_than_it_saves()
    {
        var random = new Random(4);
        int[] lengths = [.. Enumerable.Range(0, 256).Select(_ => random.Next(5, 128))];
        (_, List<PlannedBatch> batches) = Plan(lengths, null, 2);
        int padding = batches.Sum(b => b.Count * b.Length) - lengths.Sum();
        Assert.InRange(padding, 0, 12 * (lengths.Length - batches.Count));
        Assert.InRange(padding, 0, lengths.Sum() / 20);
    }

    [Fact]
    public void Few_sequences_are_spread_over_the_lanes() => Assert.Equal(2, Plan([.. Enumerable.Repeat(32, 8)], null, 2).Batches.Count);

    [Fact]
    public void The_wish_of_the_user_wins()
    {
        Assert.Equal([32, 32, 6], Plan([.. Enumerable.Repeat(180, 70)], 32, 2).Batches.Select(b => b.Count));
        Assert.Equal(70, Plan([.. Enumerable.Repeat(16, 70)], 1, 2).Batches.Count);
    }

    [Fact]
    public void A_wish_that_no_memory_could_hold_is_cut() =>
        Assert.All(Plan([.. Enumerable.Repeat(8192, 32)], 32, 2).Batches, batch => Assert.Equal(1, batch.Count));

    [Theory]
    [InlineData(null)]
    [InlineData(32)]
    public void Rows_that_attention_takes_by_blocks_run_alone_whatever_the_wish(int? batchSize)
    {
        int[] lengths = [300, 512, 513, 900, 511, 513, 20, 30];
        (int[] order, List<PlannedBatch> batches) = Plan(lengths, batchSize, 1);
        foreach (PlannedBatch batch in batches.Where(batch => batch.Length > GraphLimits.BlockedFrom)) Assert.Equal(1, batch.Count);
        if (batchSize is not null) Assert.Equal([5, 1, 1, 1], batches.Select(batch => batch.Count));
        Assert.Equal(lengths.Length, order.Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    public void Rows_with_tokens_that_attend_to_nothing_share_no_call_with_longer_ones(int? batchSize)
    {
        var random = new Random(5);
        int[] lengths = [.. Enumerable.Range(0, 100).Select(_ => Math.Max(24, random.Next(60)))];
        (int[] order, List<PlannedBatch> batches) = Plan(lengths, batchSize, 2, unpadded: 24);
        Assert.Equal(Enumerable.Range(0, lengths.Length), order.Order());
        foreach (PlannedBatch batch in batches)
        {
            int[] own = [.. order.Skip(batch.Start).Take(batch.Count).Select(i => lengths[i])];
            Assert.Equal(own.Max(), batch.Length);
            if (own.Contains(24)) Assert.Equal(24, batch.Length);
        }

        if (batchSize != 1) Assert.Contains(batches, batch => batch.Count > 1 && batch.Length == 24);
    }

    [Fact]
    public void Batches_come_in_the_order_of_their_earliest_sequence()
    {
        (int[] order, List<PlannedBatch> batches) = Plan([300, 10, 200, 10, 150, 11], null, 1);
        Assert.Equal([0, 1, 2, 4], batches.Select(b => order.Skip(b.Start).Take(b.Count).Min()));
    }

    [Fact]
    public void No_sequences_give_no_batches() => Assert.Empty(Plan([], null, 2).Batches);

    private static (int[] Order, List<PlannedBatch> Batches) Plan(int[] lengths, int? batchSize, int lanes, int? unpadded = null)
    {
        int[] order = new int[lengths.Length];
        List<PlannedBatch> batches = [];
        BatchPlanner.Plan(lengths, batchSize, lanes, order, batches, new SequenceLimits(int.MaxValue, unpadded));
        return (order, batches);
    }
}
