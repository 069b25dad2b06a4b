using System.Globalization;

namespace ColbertOnnx;

/// <summary>Which task of an array this process is, as its scheduler says in the environment.</summary>
internal static class ArrayTask
{
    private const string Slurm = "SLURM_ARRAY_TASK_", Kubernetes = "JOB_COMPLETION_INDEX";

    /// <param name="environment">Variables by their names.</param>
    /// <param name="count">How many tasks there are; null: the scheduler says it.</param>
    public static ColbertShard Shard(Func<string, string?> environment, int? count)
    {
        if (environment(Slurm + "ID") is { Length: > 0 } id) return OfSlurm(environment, Number(Slurm + "ID", id), count);
        if (environment(Kubernetes) is not { Length: > 0 } index)
            throw Invalid(
                $"The environment does not say which task this is: there is no {Slurm}ID (a Slurm array) and no {Kubernetes} (a "
                    + $"Kubernetes Indexed Job).",
                "Start it as a task of an array, or give the shard: 3/16.");
        if (count is not { } all)
            throw Invalid(
                $"{Kubernetes} is {index}, and Kubernetes does not say how many tasks there are.", "Give the Job's completions: auto/16.");
        int number = Number(Kubernetes, index);
        return number < all
            ? new ColbertShard(number + 1, all)
            : throw Invalid(Text($"{Kubernetes} is {number}, and counts from 0 to {all - 1}."), "Give the Job's completions: auto/16.");
    }

    private static ColbertShard OfSlurm(Func<string, string?> environment, int id, int? count)
    {
        if (count is { } all)
            return id >= 1 && id <= all
                ? new ColbertShard(id, all)
                : throw Invalid(
                    Text($"{Slurm}ID is {id}, and the shards count from 1 to {all}."),
                    Text($"Start the array with --array=1-{all}, or some of these numbers."));
        int first = Number(environment, "MIN"), last = Number(environment, "MAX"), step = Number(environment, "STEP"),
            tasks = Number(environment, "COUNT");
        // Such an array repeats some tasks of another one, and its own count would cut the input at other places.
        if (first > 1 || step < 1 || id < first || id > last || ((long)last - first) / step + 1 != tasks)
            throw Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tasks of this array are not numbered from 0 or 1 without gaps: {Slurm}ID {id}, _MIN {first}, _MAX {last}, "
                        + $"_STEP {step}, _COUNT {tasks}."),
                "Say how many shards there are, and number the tasks as the shards, from 1: auto/16.");
        return new ColbertShard((id - first) / step + 1, tasks);
    }

    private static int Number(Func<string, string?> environment, string name) => environment(Slurm + name) is { Length: > 0 } said
        ? Number(Slurm + name, said)
        : throw Invalid($"{Slurm}ID is there, and {Slurm}{name} is not: how many tasks there are is not said.", "Say it: auto/16.");

    private static int Number(string name, string said) =>
        ColbertShard.TryNumber(said, out int number)
            ? number
            : throw Invalid($"{name} is '{said}', which is not a number.", "Give the shard: 3/16.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static ColbertException Invalid(string what, string action) => new(ColbertErrorId.InputInvalid, what, "auto", action);
}
