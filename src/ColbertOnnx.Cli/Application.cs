using System.CommandLine;
using ColbertOnnx.Cli.Commands;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>
/// From arguments to an exit code: 0 done, 1 the answer is no, 2 wrong usage or input, 3 the machine cannot, 75 somebody else is at it, 130
/// interrupted.
/// </summary>
internal static class Application
{
    public const int Done = 0;
    public const int WrongUsage = 2;
    public const int MachineCannot = 3;
    public const int Interrupted = 130;

    public static int Run(string[] args)
    {
        using var terminal = new Terminal();
        using Interruption interruption = Interruption.Watch(terminal);
        try
        {
            int code = Invoke(args, terminal);
            terminal.Flush();
            return code;
        }
        catch (ColbertException error)
        {
            if (error.Id != ColbertErrorId.OutputFailed) FlushRest(terminal);
            terminal.Report(error);
            return error.ExitCode;
        }
        catch (OperationCanceledException) when (terminal.Cancellation.IsCancellationRequested)
        {
            FlushRest(terminal);
            return Interrupted;
        }
        catch (OutputClosedException)
        {
            // The reader has what it wanted, as with `| head`.
            return Done;
        }
        catch (OutOfMemoryException error)
        {
            terminal.Report(new ColbertException(
                ColbertErrorId.InsufficientMemory, error.Message, null, "Lower --sessions or --batch-size, or split long texts.", error));
            return MachineCannot;
        }
        catch (Exception error) when (!LastWords.AreDue(error))
        {
            terminal.Error.WriteLine(
                $"colbert: this should not have happened; please report it with these lines.\n{ShownText.Lines(error.ToString())}");
            return MachineCannot;
        }
    }

    // Results before an error are results, the last line whole.
    private static void FlushRest(Terminal terminal)
    {
        try
        {
            terminal.Flush();
        }
        catch (Exception error) when (error is ColbertException or OutputClosedException)
        {
            // What ended the command is said.
        }
    }

    private static int Invoke(string[] args, Terminal terminal)
    {
        // As many tools know it: `colbert help encode`.
        if (args is ["help", .. var rest]) args = [.. rest, "--help"];
        // A text may begin with "@": no response files.
        ParseResult parsed = Root(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Text,
            Error = terminal.Error,
        };
        if (UsageErrors.UnknownOptions(parsed) is { Count: > 0 } unknown)
        {
            UsageErrors.ExplainUnknownOptions(parsed, unknown, terminal);
            return WrongUsage;
        }

        if (parsed.Errors.Count == 0)
        {
            PathArguments.Check(parsed);
            return parsed.Invoke(configuration);
        }

        // What is wrong goes to standard error, with the commands when none was named.
        if (args.Length == 0) configuration.Output = terminal.Error;
        if (args.Length == 0) Root(terminal).Parse(["--help"]).Invoke(configuration);
        else UsageErrors.Explain(parsed, terminal);
        return WrongUsage;
    }

    /// <summary>Each command is one file that adds itself here with one line.</summary>
    private static RootCommand Root(Terminal terminal) => new(
        "ColBERT embeddings over ONNX Runtime: a unit vector per token, MaxSim scores.")
    {
        DemoCommand.Create(terminal),
        EncodeCommand.Create(terminal),
        MergeCommand.Create(terminal),
        ScoreCommand.Create(terminal),
        TokenizeCommand.Create(terminal),
        ExportCommand.Create(terminal),
        QuantizeCommand.Create(terminal),
        ThroughputCommand.Create(terminal),
        ProvidersCommand.Create(terminal),
        ParityCommand.Create(terminal),
        ReferenceCommand.Create(terminal),
    };
}
