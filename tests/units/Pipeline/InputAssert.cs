using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

internal static class RowAssert
{
    /// <summary>Ids, attention mask and the rows that come back are the reference's for this text.</summary>
    public static void Equal(ReferenceRun run, int text, ModelInput row)
    {
        byte[] keep = new byte[row.Count];
        foreach (int index in row.Kept) keep[index] = 1;
        string place = $"{run}, text {text}";
        Assert.True(run.Ids(text).SequenceEqual(row.Ids), $"{place}: ids\n{Show(run.Ids(text))}\n{Show(row.Ids)}");
        Assert.True(
            run.AttentionMask(text).SequenceEqual(row.AttentionMask),
            $"{place}: attention mask\n{Show(run.AttentionMask(text))}\n{Show(row.AttentionMask)}");
        Assert.True(run.Keep(text).SequenceEqual(keep), $"{place}: rows that come back\n{Show(run.Keep(text))}\n{Show<byte>(keep)}");
    }

    private static string Show<T>(ReadOnlySpan<T> values) => string.Join(' ', values.ToArray());
}
