using System.Diagnostics;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli;

/// <summary>A run of encode that leaves what it wrote when it is interrupted, and goes on with what an earlier one left.</summary>
internal static class ResumableRun
{
    // What is lost at most when the process is killed.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static int Run(Terminal terminal, Func<ColbertModel> open, string target, ColbertEmbeddingFileOptions options, IEnumerable<InputItem> items)
    {
        // What is wrong with the target is told before the model is opened.
        ColbertEmbeddingWriter.Check(target, options);
        using ColbertModel model = open();
        TextKind kind = options.Kind!.Value;
        using var writer = ColbertEmbeddingWriter.Resume(target, model, options);
        var history = new InputHistory(writer.Resumed);
        RunState before = history.State;
        if (before.Items > 0) terminal.Note($"{before.Items} texts were done before; going on behind them.");
        var run = new EncodeRun(terminal, model, kind, new ColbertEncodeOptions { IncludeTokens = options.IncludeTokens == true })
        {
            Encoded = before.Encoded,
            Bad = before.Bad,
            Truncated = before.Truncated,
            ExitCode = before.ExitCode,
            Skipped = () =>
            {
                writer.Skip(kind);
                history.Failed();
            },
        };
        long noted = Stopwatch.GetTimestamp(), known = before.Items;
        try
        {
            run.Run(history.Read(items), embedding =>
            {
                writer.Write(embedding);
                history.Encoded(embedding.IsTruncated);
                if (Stopwatch.GetElapsedTime(noted) >= Pause) Note();
            }, Note);
        }
        catch (OperationCanceledException) when (terminal.Cancellation.IsCancellationRequested)
        {
            Note();
            terminal.Note($"interrupted; {history.State.Items} texts are kept, and the same command goes on behind them.");
            throw;
        }
        finally
        {
            Note();
        }

        writer.Complete();
        return run.ExitCode;

        void Note()
        {
            noted = Stopwatch.GetTimestamp();
            if (history.State.Items == known) return;
            writer.Checkpoint(history.State with { ExitCode = run.ExitCode });
            known = history.State.Items;
        }
    }
}
