using ColbertOnnx.PowerShell.Output;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// Long work on other threads, watched from the pipeline's: only that one may write progress and warnings. Notices of a download become
/// warnings.
/// </summary>
internal sealed class BackgroundWork(CmdletOutput output, string activity, CancellationToken cancellation) : IProgress<ColbertProgress>
{
    private readonly Lock gate = new();
    private readonly Queue<string> notices = [];
    private readonly WorkProgress progress = new(output.WriteProgress, activity);
    private ColbertProgress last;

    void IProgress<ColbertProgress>.Report(ColbertProgress value)
    {
        lock (gate)
        {
            last = value;
            if (value.Notice is { } notice) notices.Enqueue(notice);
        }
    }

    /// <summary>Runs it to its end, or until the pipeline is stopped.</summary>
    public T Run<T>(Func<IProgress<ColbertProgress>, CancellationToken, Task<T>> work)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        CancellationToken either = own.Token;
        Task<T> task = Task.Run(() => work(this, either), CancellationToken.None);
        WaitHandle end = ((IAsyncResult)task).AsyncWaitHandle;
        try
        {
            while (!end.WaitOne(100)) Show();
            Show();
            return task.GetAwaiter().GetResult();
        }
        catch when (!task.IsCompleted)
        {
            // Somebody wants warnings to stop the pipeline: the work does not go on without it, and has a moment to tidy up.
            own.Cancel();
            end.WaitOne(1000);
            throw;
        }
        finally
        {
            progress.End();
        }
    }

    private void Show()
    {
        ColbertProgress now;
        string[] said;
        lock (gate)
        {
            now = last;
            said = [.. notices];
            notices.Clear();
        }

        foreach (string notice in said) output.WriteWarning(notice);
        if (!string.IsNullOrEmpty(now.Activity))
            progress.Show((now with { Notice = null }).ToString(), now.Total == 0 ? null : (double)now.Done / now.Total);
    }
}
