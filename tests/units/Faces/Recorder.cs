using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Where a cmdlet's output goes under xunit.</summary>
internal sealed class Recorder : ICmdletOutput
{
    public List<object> Output { get; } = [];

    public List<(ColbertException Error, object? Target)> Failures { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Verbose { get; } = [];

    public List<CmdletProgress> Progress { get; } = [];

    public List<string> Asked { get; } = [];

    /// <summary>What -Confirm and -WhatIf say.</summary>
    public bool Answer { get; set; } = true;

    public Action? OnWrite { get; set; }

    public IEnumerable<ColbertEmbedding> Embeddings => Output.Cast<ColbertEmbedding>();

    public void WriteObject(object value)
    {
        Output.Add(value);
        OnWrite?.Invoke();
    }

    public void WriteWarning(string text) => Warnings.Add(text);

    public void WriteVerbose(string text) => Verbose.Add(text);

    public void WriteProgress(in CmdletProgress progress) => Progress.Add(progress);

    public void WriteFailure(ColbertException error, object? target) => Failures.Add((error, target));

    public void Terminate(ColbertException error)
    {
        Failures.Add((error, error.Target));
        throw new TerminatedException();
    }

    public bool ShouldProcess(string target, string action)
    {
        Asked.Add(target);
        return Answer;
    }
}

internal sealed class TerminatedException : Exception;
