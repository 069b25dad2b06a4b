using System.Management.Automation;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.Tests.Cmdlets;

public sealed class ErrorRecordTests
{
    [Fact]
    public void Every_error_id_has_a_category_of_its_kind()
    {
        foreach (ColbertErrorId id in Enum.GetValues<ColbertErrorId>())
        {
            ErrorCategory category = ErrorRecords.CategoryOf(id);
            Assert.NotEqual(ErrorCategory.NotSpecified, category);
            // Invalid data is what a user gave; no machine is to blame for it, and for nothing else.
            if (category == ErrorCategory.InvalidData) Assert.Equal(2, new ColbertException(id, "").ExitCode);
        }
    }

    [Fact]
    public void A_broken_pattern_is_an_error_of_its_item_and_the_others_go_on()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("one.npz", "no zip");
        string[] items = [folder.File("a[b.npz"), folder.File("one.npz")];
        CmdletRun run = CmdletRun.Run("Import-ColbertEmbedding", null, items);
        Assert.Equal(2, run.Failures.Count);
        Assert.Equal(ColbertErrorId.InputInvalid, run.Failures[0].Error.Id);
        Assert.Contains("-LiteralPath", run.Failures[0].Error.Action, StringComparison.Ordinal);
        Assert.Contains("one.npz", run.Failures[1].Error.Message, StringComparison.Ordinal);
        ColbertException error = Assert.Single(
            CmdletRun.Run("Get-ColbertExecutionProvider", new() { ["Name"] = "a[b" }).Failures).Error;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
    }
}
