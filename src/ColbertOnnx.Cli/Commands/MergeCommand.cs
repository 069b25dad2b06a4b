using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Cli.Commands;

/// <summary>One output of those of all shards.</summary>
internal static class MergeCommand
{
    private const int AnswerIsNo = 1;

    public static Command Create(Terminal terminal)
    {
        var outputs = new Argument<string[]>("OUT")
        {
            Description = "What the tasks of encode --shard have written, in any order; their manifests may stand among them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var target = new Option<string?>("--output", "-o")
        {
            Description = "The merged output, in the format of the shards.",
            HelpName = "OUT",
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var check = new Option<bool>("--check")
        {
            Description =
                "Write nothing: print the numbers of shards that are missing or wrong as sbatch --array= takes them; exit code 1 when "
                    + "there are any.",
        };
        var command = new Command(
            "merge",
            "Merges the outputs of all shards to the bytes that one run over the whole input gives.") { outputs, target, force, check };
        command.Validators.Add(result =>
        {
            if (result.GetValue(check) == result.IsGiven(target))
                result.AddError(result.GetValue(check)
                    ? "--check writes nothing: give it or -o, not both."
                    : "Say where the merged output goes with -o, or give --check.");
            else if (result.Given(target) is ["-"])
                result.AddError(
                    "What is merged has a manifest beside it, and standard output has no place for one: name a file or a folder with -o.");
        });
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetRequiredValue(outputs);
            var progress = new RunProgress(terminal);
            ShardReport report;
            try
            {
                report = parsed.GetValue(target) is { } path
                    ? ColbertMerge.Run(paths, path, parsed.GetValue(force), progress, terminal.Cancellation).Shards
                    : ColbertMerge.Check(paths, progress, terminal.Cancellation);
            }
            finally
            {
                progress.End();
            }

            foreach (string warning in report.Warnings) terminal.Note(warning);
            foreach (ShardFault fault in report.Faults) terminal.Note(fault.ToString());
            if (report.Missing.Count > 0) terminal.Line(report.Array);
            return report.IsComplete ? Application.Done : AnswerIsNo;
        });
        return command;
    }
}
