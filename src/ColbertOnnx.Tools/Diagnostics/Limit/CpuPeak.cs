using System.Diagnostics;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Diagnostics.Limit;

/// <summary>Multiply-adds a second that the threads of a measurement do together, of each type; 0: not measured.</summary>
internal readonly record struct CpuPeak(double Int8, double Float)
{
    private static readonly TimeSpan Each = TimeSpan.FromMilliseconds(80);

    /// <summary>Measures on all threads at once: cores that share a clock or an execution unit share it here too.</summary>
    /// <param name="threads">Threads that run batches.</param>
    /// <param name="work">What types are of interest.</param>
    public static CpuPeak Measure(int threads, MultiplyAdds work, CancellationToken cancellation) =>
        new(
            work.Int8 > 0 ? Measure(threads, isInt8: true, cancellation) : 0,
            work.Float > 0 ? Measure(threads, isInt8: false, cancellation) : 0);

    private static double Measure(int threads, bool isInt8, CancellationToken cancellation)
    {
        using MatrixProduct product = MatrixProduct.Open(isInt8);
        var rates = new double[threads];
        var failures = new Exception?[threads];
        using var start = new Barrier(threads);
        Thread[] all =
        [
            .. Enumerable.Range(0, threads)
                .Select(number => new Thread(() => Loop(number)) { IsBackground = true, Name = $"ColBERT peak {number + 1}" }),
        ];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        cancellation.ThrowIfCancellationRequested();
        return failures.FirstOrDefault(failure => failure is not null) is { } first ? throw first : rates.Sum();

        void Loop(int number)
        {
            try
            {
                using MatrixProduct.Operand operand = product.Prepare();
                operand.Run();
                start.SignalAndWait(cancellation);
                rates[number] = MatrixProduct.MultiplyAdds / Fastest(operand, cancellation);
            }
            catch (Exception e)
            {
                failures[number] = e;
                if (e is not OperationCanceledException) start.RemoveParticipant();
            }
        }
    }

    // Not the very fastest run: where two threads share a core, it may be one during which the other slept.
    private static double Fastest(MatrixProduct.Operand operand, CancellationToken cancellation)
    {
        List<double> seconds = [];
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Each && !cancellation.IsCancellationRequested)
        {
            long started = Stopwatch.GetTimestamp();
            operand.Run();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        seconds.Sort();
        return seconds[seconds.Count / 20];
    }
}
