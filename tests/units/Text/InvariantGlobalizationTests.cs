using System.Diagnostics;

namespace ColbertOnnx.Tests.Text;

public sealed class InvariantGlobalizationTests(ITestOutputHelper output)
{
    /// <summary>.NET's own Normalize is silent there and its casing differs; ours must not notice.</summary>
    [Fact]
    public async Task The_tables_say_the_same_in_a_process_without_globalization_data()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InvariantGlobalizationTests).Assembly.Location, "-noLogo",
            "-class", typeof(UnicodeDigestTests).FullName!, "-class", typeof(NormalizationTests).FullName!, "-class", typeof(InvariantCheck).FullName!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment[InvariantCheck.Variable] = "1";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        output.WriteLine(text);
        Assert.Equal(0, child.ExitCode);
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
