namespace ColbertOnnx.Tests;

public sealed class HeldMemoryTests
{
    [Theory]
    [InlineData(0L, 100L, 100L, 20L, 20L)]
    [InlineData(30L, 100L, 10L, 20L, 40L)]
    [InlineData(30L, 100L, 130L, 20L, 20L)]
    public void What_others_give_back_is_no_growth_and_hides_none(long growth, params long[] held)
    {
        int next = 0;
        var memory = new HeldMemory(() => held[next++]);
        while (next < held.Length) memory.Look();
        Assert.Equal(growth, memory.Growth);
    }
}
