using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli;

/// <summary>A run of encode whose output is a file or folder with a manifest.</summary>
internal static class FileRun
{
    public static int Run(Terminal terminal, FutureModel model, string target, ColbertRunOptions options, IEnumerable<InputItem> items)
    {
        if (model.IsRemote) ColbertRun.Check(target, options);
        using var run = ColbertRun.Begin(target, model.Folder, model.Options, options);
        using ColbertModel opened = model.Open();
        run.Describe(opened);
        RunState before = run.State;
        if (before.Items > 0) terminal.Note($"{before.Items} texts were done before; going on behind them.");
        var work = new EncodeRun(terminal, opened, options.Kind, new ColbertEncodeOptions { IncludeTokens = options.File.IncludeTokens == true })
        {
            Encoded = before.Encoded,
            Bad = before.Bad,
            Truncated = before.Truncated,
            ExitCode = before.ExitCode,
            Failed = run.Fail,
        };
        try
        {
            work.Run(run.Read(items), run.Write, run.Checkpoint);
        }
        catch (OperationCanceledException) when (options.Resume && terminal.Cancellation.IsCancellationRequested)
        {
            run.Checkpoint();
            terminal.Note($"interrupted; {run.State.Items} texts are kept, and the same command goes on behind them.");
            throw;
        }

        run.Complete();
        return work.ExitCode;
    }
}
