using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Output;

internal sealed class PowerShellOutput(Cmdlet cmdlet) : ICmdletOutput
{
    public void WriteObject(object value) => cmdlet.WriteObject(value);

    public void WriteWarning(string text) => cmdlet.WriteWarning(text);

    public void WriteVerbose(string text) => cmdlet.WriteVerbose(text);

    public void WriteProgress(in CmdletProgress progress) => cmdlet.WriteProgress(new ProgressRecord(progress.Id, progress.Activity, progress.Status)
    {
        PercentComplete = progress.Percent,
        SecondsRemaining = progress.SecondsLeft,
        RecordType = progress.IsDone ? ProgressRecordType.Completed : ProgressRecordType.Processing,
    });

    public void WriteFailure(ColbertException error, object? target) => cmdlet.WriteError(ErrorRecords.From(error, target));

    public void Terminate(ColbertException error) => cmdlet.ThrowTerminatingError(ErrorRecords.From(error, null));

    public bool ShouldProcess(string target, string action) => cmdlet.ShouldProcess(target, action);
}
