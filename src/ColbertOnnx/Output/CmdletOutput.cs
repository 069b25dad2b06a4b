using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Output;

/// <summary>What a cmdlet says. Here texts become fit to be shown, and errors become records.</summary>
internal sealed class CmdletOutput(Cmdlet cmdlet)
{
    public void WriteObject(object value) => cmdlet.WriteObject(value);

    public void WriteWarning(string text) => cmdlet.WriteWarning(ShownText.Message(text));

    public void WriteVerbose(string text) => cmdlet.WriteVerbose(ShownText.Message(text));

    public void WriteProgress(ProgressRecord record) => cmdlet.WriteProgress(record);

    /// <summary>One item has failed, the rest goes on.</summary>
    public void WriteFailure(ColbertException error, object? target) => cmdlet.WriteError(ErrorRecords.From(error, target));

    /// <summary>Nothing can go on. Does not return.</summary>
    public void Terminate(ColbertException error) => cmdlet.ThrowTerminatingError(ErrorRecords.From(error, null));

    public bool ShouldProcess(string target, string action) => cmdlet.ShouldProcess(ShownText.Message(target), ShownText.Message(action));
}
