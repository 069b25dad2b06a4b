using System.Management.Automation;
using ColbertOnnx.Inputs;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>What every cmdlet shares: the one place where exceptions become error records, paths, and stopping.</summary>
public abstract class ColbertCmdlet : PSCmdlet, IDisposable
{
    // Never disposed: a stop may come at any time, also when all is over, and there is nothing in it to free.
    private readonly CancellationTokenSource stopping = new();

    static ColbertCmdlet() => ParquetAddOn.MoreFolders = AddOnFolders.OfParquet;

    private protected ColbertCmdlet() => Out = new CmdletOutput(this);

    /// <summary>The way to PowerShell's streams: what people see goes through it.</summary>
    private protected CmdletOutput Out { get; }

    private protected ProviderPaths Paths => new(SessionState) { Download = Download };

    /// <summary>Ctrl+C, or the pipeline downstream has stopped.</summary>
    private protected CancellationToken StopToken => stopping.Token;

    protected sealed override void BeginProcessing() => Guard(Begin);

    protected sealed override void ProcessRecord() => Guard(Record);

    protected sealed override void EndProcessing() => Guard(End);

    protected sealed override void StopProcessing()
    {
        stopping.Cancel();
        Stop();
    }

    /// <summary>
    /// The items of a parameter. Where $null was given, by the pipeline too, that is one: a variable that was never set should be reported.
    /// </summary>
    private protected object?[] Items(string parameter, object?[]? value) => value ?? (IsGiven(parameter) ? [null] : []);

    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private protected virtual void Begin()
    {
    }

    private protected virtual void Record()
    {
    }

    private protected virtual void End()
    {
    }

    /// <summary>Called on another thread while the pipeline's may be busy.</summary>
    private protected virtual void Stop()
    {
    }

    /// <summary>Writes the model's description to the verbose stream, and its warnings on first use.</summary>
    private protected ColbertModel Noted(ColbertModel model)
    {
        Out.WriteVerbose(ModelWords.Describe(model));
        foreach (string warning in OpenModels.TakeWarnings(model)) Out.WriteWarning($"{model.Name}: {warning}");
        return model;
    }

    /// <summary>Does something for one item of the pipeline: its failure is an error record, and the rest goes on.</summary>
    private protected bool Attempt(Action action, object? target = null) => Guard(action, error => WriteFailure(error, target));

    /// <summary>The files that -LiteralPath and -Path stand for; a wildcard that fails is an error record of its own.</summary>
    private protected IEnumerable<string> Files(IEnumerable<string> literal, IEnumerable<string> wild)
    {
        foreach (string path in literal) yield return Paths.Literal(path);
        foreach (string path in wild)
        {
            IReadOnlyList<string> found = [];
            Attempt(() => found = Paths.Matching(path), path);
            foreach (string file in found) yield return file;
        }
    }

    /// <summary>One item of the pipeline has failed.</summary>
    private protected void WriteFailure(ColbertException error, object? target = null) => Out.WriteFailure(error, target);

    private string Download(string name, string revision, bool quantized) => new BackgroundWork(Out, $"Opening {name}", StopToken)
        .Run((progress, cancellation) => ColbertExporter.ResolveAsync(name, revision, quantized, progress, cancellation));

    private bool Guard(Action action, Action<ColbertException>? report = null)
    {
        ColbertException failure;
        try
        {
            action();
            return true;
        }
        catch (ColbertException error)
        {
            failure = error;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (SessionStateException error)
        {
            failure = new ColbertException(ColbertErrorId.InputInvalid, error.Message, error.ItemName, "Check the path.", error);
        }
        catch (WildcardPatternException error)
        {
            failure = new ColbertException(
                ColbertErrorId.InputInvalid, error.Message, null, "Correct the pattern, or use -LiteralPath for a name with brackets.",
                error);
        }
        catch (OutOfMemoryException error)
        {
            failure = new ColbertException(
                ColbertErrorId.InsufficientMemory, error.Message, null,
                "Open the model with fewer sessions or a smaller batch, or split long texts.", error);
        }

        if (report is null) Out.Terminate(failure);
        else report(failure);
        return false;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool disposing)
    {
    }
}
