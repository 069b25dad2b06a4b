using System.Collections;
using System.Management.Automation;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>
/// What stands in front of a cmdlet in its pipeline: gives one item after the other, each when the one before has been worked on.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "Item")]
public sealed class SendItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true)]
    [AllowEmptyCollection]
    public IEnumerable Source { get; set; } = Array.Empty<object>();

    protected override void EndProcessing()
    {
        foreach (object? item in Source) WriteObject(item);
    }
}
