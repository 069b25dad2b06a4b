using System.Globalization;

namespace ColbertOnnx.Runtime;

/// <summary>How many threads one operator may have.</summary>
internal static class SessionThreads
{
    public static int Most => Limits.ThreadsPerCpu * UsableCpus.Count;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static void Check(int? threads)
    {
        if (threads <= Most || threads is null) return;
        const string name = nameof(ColbertModelOptions.ThreadsPerSession);
        throw new ColbertException(
            ColbertErrorId.InputInvalid,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} is {threads}, but {Most} is the most here: {nameof(Limits.ThreadsPerCpu)} ({Limits.ThreadsPerCpu}) for each of "
                    + $"{UsableCpus.Count} CPUs that the process may use."),
            name,
            "More threads than CPUs gain nothing; leave it out, or give it the number of CPUs.");
    }
}
