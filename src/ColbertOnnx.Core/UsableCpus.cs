namespace ColbertOnnx;

/// <summary>CPUs that the process may use: what affinity and control group leave, and no more than Slurm gave the task.</summary>
internal static class UsableCpus
{
    // A node without control groups shows every task all of its CPUs.
    private const string Slurm = "SLURM_CPUS_PER_TASK";

    public static int Count { get; } = Of(Environment.ProcessorCount, Environment.GetEnvironmentVariable(Slurm));

    /// <param name="cpus">As the system says.</param>
    /// <param name="slurm">As Slurm says; null, or no number from 1: it does not.</param>
    public static int Of(int cpus, string? slurm) =>
        ColbertShard.TryNumber(slurm, out int given) && given > 0 ? Math.Min(cpus, given) : cpus;
}
