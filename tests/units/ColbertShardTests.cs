namespace ColbertOnnx.Tests;

public sealed class ColbertShardTests
{
    private const string Slurm = "SLURM_ARRAY_TASK_";

    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("3/16", 3, 16)]
    [InlineData("16/16", 16, 16)]
    public void A_shard_is_its_number_and_their_count(string said, int index, int count)
    {
        var shard = ColbertShard.Parse(said);
        Assert.Equal((index, count, said), (shard.Index, shard.Count, shard.ToString()));
        Assert.Equal(new ColbertShard(index, count), shard);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("0/16")]
    [InlineData("17/16")]
    [InlineData("1/0")]
    [InlineData("-1/4")]
    [InlineData("1/2/3")]
    [InlineData("1/99999999999")]
    [InlineData("1/1000001")]
    [InlineData("one/two")]
    [InlineData(" 1/2")]
    [InlineData("auto/")]
    [InlineData("auto/0")]
    [InlineData("auto/x")]
    [InlineData("auto/1/2")]
    public void What_is_no_shard_is_told_what_one_is(string said)
    {
        var error = Assert.Throws<ColbertException>(() => ColbertShard.Parse(said, _ => "1"));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains($"'{said}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("3/16", error.Action, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", "1/16", "ID=1 MIN=1 MAX=16 STEP=1 COUNT=16")]
    [InlineData("auto", "16/16", "ID=16 MIN=1 MAX=16 STEP=1 COUNT=16")]
    [InlineData("auto", "4/16", "ID=3 MIN=0 MAX=15 STEP=1 COUNT=16")]
    [InlineData("auto", "3/4", "ID=8 MIN=0 MAX=15 STEP=4 COUNT=4")]
    [InlineData("Auto", "1/1", "ID=0 MIN=0 MAX=0 STEP=1 COUNT=1")]
    [InlineData("auto/16", "7/16", "ID=7 MIN=3 MAX=9 STEP=1 COUNT=4")]
    [InlineData("auto/16", "7/16", "ID=7")]
    [InlineData("auto/16", "1/16", "JOB_COMPLETION_INDEX=0")]
    [InlineData("auto/16", "16/16", "JOB_COMPLETION_INDEX=15")]
    public void The_task_of_an_array_knows_its_shard(string said, string expected, string variables) =>
        Assert.Equal(expected, ColbertShard.Parse(said, Environment(variables)).ToString());

    [Theory]
    [InlineData("auto", "", "no SLURM_ARRAY_TASK_ID (a Slurm array) and no JOB_COMPLETION_INDEX")]
    [InlineData("auto/16", "", "no SLURM_ARRAY_TASK_ID (a Slurm array) and no JOB_COMPLETION_INDEX")]
    [InlineData("auto", "ID=1", "SLURM_ARRAY_TASK_MIN is not")]
    [InlineData("auto", "ID=1 MIN=1 MAX=2 STEP=1", "SLURM_ARRAY_TASK_COUNT is not")]
    [InlineData("auto", "ID=x MIN=1 MAX=2 STEP=1 COUNT=2", "SLURM_ARRAY_TASK_ID is 'x'")]
    // A repetition of tasks that are missing: its count is not the corpus's.
    [InlineData("auto", "ID=7 MIN=3 MAX=9 STEP=1 COUNT=4", "_MIN 3, _MAX 9, _STEP 1, _COUNT 4")]
    [InlineData("auto", "ID=3 MIN=3 MAX=3 STEP=1 COUNT=1", "from 0 or 1")]
    [InlineData("auto", "ID=5 MIN=1 MAX=9 STEP=1 COUNT=4", "without gaps")]
    [InlineData("auto", "ID=1 MIN=1 MAX=9 STEP=0 COUNT=4", "without gaps")]
    [InlineData("auto/16", "ID=0 MIN=0 MAX=15 STEP=1 COUNT=16", "the shards count from 1 to 16")]
    [InlineData("auto/16", "ID=17", "the shards count from 1 to 16")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=2", "Kubernetes does not say how many")]
    [InlineData("auto/2", "JOB_COMPLETION_INDEX=2", "counts from 0 to 1")]
    public void A_task_that_does_not_know_its_shard_is_told_what_was_looked_for(string said, string variables, string expected)
    {
        var error = Assert.Throws<ColbertException>(() => ColbertShard.Parse(said, Environment(variables)));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Action!);
    }

    [Theory]
    [InlineData(8, "3", 3)]
    [InlineData(2, "3", 2)]
    [InlineData(8, null, 8)]
    [InlineData(8, "", 8)]
    [InlineData(8, "0", 8)]
    [InlineData(8, "many", 8)]
    public void A_task_uses_no_more_processors_than_Slurm_gave_it(int processors, string? slurm, int expected) =>
        Assert.Equal(expected, UsableCpus.Of(processors, slurm));

    [Fact]
    public void Shards_of_bytes_have_no_gaps_and_no_overlaps_however_large_the_input_is()
    {
        foreach (long total in (long[])[0, 1, 7, 1000, long.MaxValue])
        {
            foreach (int count in (int[])[1, 2, 3, 16, 999, Limits.MostShards])
            {
                long before = 0;
                foreach (int index in Enumerable.Range(1, Math.Min(count, 999)))
                {
                    (long begin, long end) = new ColbertShard(index, count).Of(total);
                    Assert.Equal(before, begin);
                    Assert.True(end >= begin);
                    before = end;
                }

                Assert.Equal(total, new ColbertShard(count, count).Of(total).End);
            }
        }
    }

    private static Func<string, string?> Environment(string variables)
    {
        var found = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(
                pair => pair[0].StartsWith("JOB", StringComparison.Ordinal) ? pair[0] : Slurm + pair[0], pair => pair[1],
                StringComparer.Ordinal);
        return name => found.GetValueOrDefault(name);
    }
}
