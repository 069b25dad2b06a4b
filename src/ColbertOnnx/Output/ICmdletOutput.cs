namespace ColbertOnnx.PowerShell.Output;

/// <summary>What a cmdlet says, and to whom: PowerShell, or a test that wants to read it.</summary>
internal interface ICmdletOutput
{
    void WriteObject(object value);

    void WriteWarning(string text);

    void WriteVerbose(string text);

    void WriteProgress(in CmdletProgress progress);

    /// <summary>One item has failed, the rest goes on.</summary>
    void WriteFailure(ColbertException error, object? target);

    /// <summary>Nothing can go on. Does not return.</summary>
    void Terminate(ColbertException error);

    bool ShouldProcess(string target, string action);
}
