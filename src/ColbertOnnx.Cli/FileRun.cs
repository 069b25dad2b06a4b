using System.Text.Json;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli;

/// <summary>A run of encode whose output is a file or folder with a manifest.</summary>
internal static class FileRun
{
    public static int Run(
        Terminal terminal, FutureModel model, string target, ColbertRunOptions options, IEnumerable<InputItem> items, bool keepsGoing)
    {
        string? change = null;
        if (options.Resume && ColbertRun.FindFinished(target, model.Identity, options, items, said => change = said) is { } finished)
            return Told(terminal, target, options.Kind, finished.Counts);
        if (change is not null) options = options with { File = options.File with { Force = true } };
        if (model.IsRemote) ColbertRun.Check(target, options);
        if (Begin(target, model.Identity, options, items, out RunManifest? since) is not { } begun)
            return Told(terminal, target, options.Kind, since!.Counts);
        using ColbertRun run = begun;
        if (change is not null) terminal.Note($"'{target}' is not as its manifest says: it {change}. It is encoded again and replaced.");
        using ColbertModel opened = model.Open();
        run.Describe(opened);
        RunState before = run.State;
        if (before.Items > 0) terminal.Note($"{ShownText.Count(before.Items, "text")} done before; going on from there.");
        var work = new EncodeRun(
            terminal, opened, options.Kind, (options.EncodedWith ?? new()) with { IncludeTokens = options.File.IncludeTokens == true })
        {
            State = before,
            Failed = run.Fail,
            KeepsGoing = keepsGoing,
            ErrorsPath = RunManifest.ErrorsPathOf(target, options.Kind),
        };
        try
        {
            work.Run(run.Read(items), run.Write, run.Checkpoint);
        }
        catch (OperationCanceledException) when (terminal.Cancellation.IsCancellationRequested)
        {
            Keep(run);
            terminal.Note((options.Resume, run.Kept) switch
            {
                (false, _) => "interrupted; nothing is kept. With --resume the same command would go on with what was done.",
                (true, 0) => "interrupted before anything was done; the same command begins anew.",
                _ => $"interrupted; {ShownText.Count(run.Kept, "text")} kept, and the same command goes on from there.",
            });
            throw;
        }
        catch (ColbertException) when (options.Resume)
        {
            Keep(run);
            // Where nothing was added, the same command stops at the same place.
            if (run.Kept > before.Items)
                terminal.Note($"stopped; {ShownText.Count(run.Kept, "text")} kept, and the same command goes on from there.");
            throw;
        }

        run.Complete();
        return run.State.ExitCode;
    }

    // Null: another process has finished this very run in the meantime.
    private static ColbertRun? Begin(
        string target, IReadOnlyDictionary<string, string> model, ColbertRunOptions options, IEnumerable<InputItem> items,
        out RunManifest? finished)
    {
        finished = null;
        try
        {
            return new ColbertRun(target, model, options);
        }
        catch (ColbertException error) when (error.Id == ColbertErrorId.OutputExists && options.Resume)
        {
            finished = ColbertRun.FindFinished(target, model, options, items);
            if (finished is null) throw;
            return null;
        }
    }

    // As for a run that has just finished: what could not be encoded is still missing.
    private static int Told(Terminal terminal, string target, TextKind kind, ManifestCounts counts)
    {
        string errors = counts.Errors > 0
            ? $", and {counts.Errors} could not be; '{RunManifest.ErrorsPathOf(target, kind)}' says why"
            : "";
        terminal.Note($"'{target}' is finished already: {ShownText.Count(counts.Embeddings, "text")} encoded{errors}.");
        return counts.Errors > 0 ? Worst(RunManifest.ErrorsPathOf(target, kind)) : Application.Done;
    }

    // The exit code of the run that has written these errors.
    private static int Worst(string errors)
    {
        int code = Application.WrongUsage;
        foreach (string line in File.ReadLines(errors))
        {
            using JsonDocument error = JsonDocument.Parse(line);
            if (error.RootElement.TryGetProperty("error", out JsonElement id) && Enum.TryParse(id.GetString(), out ColbertErrorId known))
                code = Math.Max(code, new ColbertException(known, "").ExitCode);
        }

        return code;
    }

    private static void Keep(ColbertRun run)
    {
        try
        {
            run.Checkpoint();
        }
        catch (ColbertException)
        {
            // The disk is full, maybe: what was kept before stays.
        }
    }
}
