using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

internal static class InputAssert
{
    /// <summary>Ids, attention mask and the token mask are the reference's for this text.</summary>
    public static void Equal(ReferenceRun run, int text, ModelInput input)
    {
        byte[] keep = new byte[input.Count];
        foreach (int index in input.Kept) keep[index] = 1;
        string place = $"{run}, text {text}";
        Assert.True(run.Ids(text).SequenceEqual(input.Ids), $"{place}: ids\n{Show(run.Ids(text))}\n{Show(input.Ids)}");
        Assert.True(
            run.AttentionMask(text).SequenceEqual(input.AttentionMask),
            $"{place}: attention mask\n{Show(run.AttentionMask(text))}\n{Show(input.AttentionMask)}");
        Assert.True(run.Keep(text).SequenceEqual(keep), $"{place}: token mask\n{Show(run.Keep(text))}\n{Show<byte>(keep)}");
    }

    private static string Show<T>(ReadOnlySpan<T> values) => string.Join(' ', values.ToArray());
}
