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
}
