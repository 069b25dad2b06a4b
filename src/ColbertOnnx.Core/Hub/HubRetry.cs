using System.Globalization;

namespace ColbertOnnx.Hub;

/// <summary>
/// Repeats what failed for a reason that may go away: after the time that the server asks for, otherwise after 0.5, 1, 2 … 30 seconds, each
/// shortened by chance to as little as half, so that many clients do not come back at once. Attempts and waits are bounded.
/// </summary>
internal sealed class HubRetry(HubSettings settings, HubProgressMeter meter)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <param name="what">What is tried, for the notice.</param>
    /// <param name="attempt">One try.</param>
    /// <param name="position">Bytes that are here: attempts that bring some are not counted as failed. Null: none are.</param>
    /// <param name="mostTries">Attempts in a row without progress.</param>
    /// <param name="cancellation">Ends waits as well.</param>
    /// <exception cref="HubTransientException">The last attempt's.</exception>
    public async Task<T> RunAsync<T>(
        string what, Func<Task<T>> attempt, Func<long>? position, int mostTries, CancellationToken cancellation)
    {
        TimeSpan waited = TimeSpan.Zero;
        int tries = 0;
        while (true)
        {
            long before = position?.Invoke() ?? 0;
            try
            {
                return await attempt();
            }
            catch (HubTransientException e) when (e.IsWorthRepeating)
            {
                tries = position?.Invoke() > before ? 1 : tries + 1;
                TimeSpan pause = e.RetryAfter ?? Backoff(tries);
                if (tries >= mostTries || waited + pause > settings.LongestWait) throw;
                waited += pause;
                meter.Notice(string.Create(
                    CultureInfo.InvariantCulture, $"{what}: {e.Message} Trying again in {pause.TotalSeconds:0.#} s."));
                await Task.Delay(pause, settings.Time, cancellation);
            }
        }
    }

    private static TimeSpan Backoff(int tries)
    {
        TimeSpan longest = FirstPause * Math.Pow(2, Math.Min(tries - 1, 10));
        return (longest < LongestPause ? longest : LongestPause) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
