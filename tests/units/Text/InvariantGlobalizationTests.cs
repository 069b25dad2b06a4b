namespace ColbertOnnx.Tests.Text;

public sealed class InvariantGlobalizationTests(ITestOutputHelper output)
{
    /// <summary>.NET's own Normalize is silent there and its casing differs; ours must not notice.</summary>
    [Fact]
    public async Task The_tables_say_the_same_in_a_process_without_globalization_data()
    {
        var variables = new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1", [InvariantCheck.Variable] = "1" };
        (int exit, string text) = await TestProcess.Run(
            variables, typeof(UnicodeDigestTests), typeof(NormalizationTests), typeof(InvariantCheck));
        output.WriteLine(text);
        Assert.Equal(0, exit);
        Assert.Contains("Failed: 0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0", text, StringComparison.Ordinal);
    }
}

public sealed class InvariantCheck
{
    internal const string Variable = "COLBERT_TEST_INVARIANT";

    [Fact]
    public void The_process_is_what_the_test_asked_for()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            return;
        Assert.Equal("\u00e9", "\u00e9".Normalize(System.Text.NormalizationForm.FormD));
    }
}
