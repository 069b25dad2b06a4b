using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Output;

internal sealed class PowerShellOutput(Cmdlet cmdlet) : ICmdletOutput
{
    public void WriteObject(object value) => cmdlet.WriteObject(value);

    public void WriteWarning(string text) => cmdlet.WriteWarning(ShownText.Message(text));

    public void WriteVerbose(string text) => cmdlet.WriteVerbose(ShownText.Message(text));

    public void WriteProgress(in CmdletProgress progress) => cmdlet.WriteProgress(new ProgressRecord(progress.Id, ShownText.Of(progress.Activity), ShownText.Of(progress.Status))
    {
        PercentComplete = progress.Percent,
        SecondsRemaining = progress.SecondsLeft,
        RecordType = progress.IsDone ? ProgressRecordType.Completed : ProgressRecordType.Processing,
    });

    public void WriteFailure(ColbertException error, object? target) => cmdlet.WriteError(ErrorRecords.From(error, target));

    public void Terminate(ColbertException error) => cmdlet.ThrowTerminatingError(ErrorRecords.From(error, null));

    public bool ShouldProcess(string target, string action) => cmdlet.ShouldProcess(ShownText.Message(target), ShownText.Message(action));
}
