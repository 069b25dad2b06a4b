using System.Diagnostics;
using System.Runtime.Intrinsics;
using ColbertOnnx.Native;
using ColbertOnnx.Scoring;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// MaxSim of one thread beside what the CPU can do at all, in turns: useful multiply-adds (query rows x document rows x dimension) against
/// a loop of multiply-adds in registers. Every width of vector that the CPU has; scores are compared with double precision first.
/// DOTNET_EnableAVX512=0 and DOTNET_EnableAVX2=0 show what the compiler makes of a CPU that has less.
/// </summary>
internal static class MaxSimComparison
{
    private const int Rounds = 41;
    private const double Slice = 0.002;
    private const double Tolerance = 2e-6;

    private static readonly (int Query, int Document, int Dimension)[] Shapes =
    [
        (32, 30, 96), (32, 180, 96), (32, 512, 96), (32, 30, 128), (32, 180, 128), (32, 300, 128), (32, 512, 128),
        (32, 180, 48), (32, 180, 384), (32, 180, 100), (32, 180, 127),
        (8, 180, 96), (9, 180, 96), (12, 180, 96), (16, 180, 96), (20, 180, 96), (24, 180, 96), (48, 180, 128), (59, 180, 96),
    ];

    public static int Run()
    {
        int[] widths = [.. ((int[])[512, 256, 128]).Where(bits => bits <= Panels.Bits)];
        Work[] all = [.. widths.SelectMany(bits => Shapes.Select(shape => new Work(shape, bits)))];
        double difference = all.Max(work => work.Check());
        if (difference > Tolerance)
            throw new InvalidOperationException($"Scores differ from double precision by {difference:g2} a query row.");
        foreach (Work work in all) work.Measure(0.02); // until the code is compiled for speed

        var peaks = widths.ToDictionary(bits => bits, _ => new double[Rounds]);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (int bits in widths)
            {
                foreach (Work work in all.Where(work => work.Bits == bits))
                {
                    double before = Peak(bits), rate = work.Measure(Slice), after = Peak(bits);
                    peaks[bits][round] = Math.Max(peaks[bits][round], Math.Max(before, after));
                    work.Rates[round] = rate;
                    work.Shares[round] = rate / Math.Max(before, after);
                }
            }
        }

        Console.WriteLine(Machine.Describe() + Machine.Load("after"));
        Console.WriteLine(
            $"one thread, {Rounds} rounds in turns; a round counts the fastest pass in {Slice * 1e3} ms; minimum, median and maximum of "
                + $"the rounds; largest difference to double precision {difference:g2} a query row");
        Console.WriteLine();
        Console.WriteLine("| vectors | multiply-adds in registers, G/s |");
        Console.WriteLine("|---|---|");
        foreach (int bits in widths) Console.WriteLine($"| {bits} bits | {Spread(peaks[bits], 1e-9, "F1")} |");
        Console.WriteLine();
        Console.WriteLine(
            $"| vectors | query rows x document rows x dimension | us a document | G/s | share of what the CPU can do, % | with "
                + $"as many bits, % |");
        Console.WriteLine("|---|---|---|---|---|---|");
        double most = peaks.Values.Max(Median);
        foreach (Work work in all)
        {
            double scale = Median(peaks[work.Bits]) / most;
            Console.WriteLine(
                $"| {work.Bits} | {work.Shape.Query} x {work.Shape.Document} x {work.Shape.Dimension} | "
                    + $"{work.MultiplyAdds / Median(work.Rates) * 1e6:F2} | {Spread(work.Rates, 1e-9, "F1")} | "
                    + $"{Median(work.Shares) * scale * 100:F0} | {Spread(work.Shares, 100, "F0")} |");
        }

        return 0;
    }

    private static double Peak(int bits) => bits switch
    {
        512 => MultiplyAddPeak<Simd512, Vector512<float>>.Measure(Slice / 2),
        256 => MultiplyAddPeak<Simd256, Vector256<float>>.Measure(Slice / 2),
        _ => MultiplyAddPeak<Simd128, Vector128<float>>.Measure(Slice / 2),
    };

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string Spread(double[] values, double scale, string format)
    {
        double[] sorted = [.. values.Order()];
        return $"{(sorted[0] * scale).ToString(format)} {(sorted[sorted.Length / 2] * scale).ToString(format)} "
            + $"{(sorted[^1] * scale).ToString(format)}";
    }

    private sealed class Work
    {
        private readonly float[] query;
        private readonly float[][] documents;
        private readonly PackedQuery packed;

        public Work((int Query, int Document, int Dimension) shape, int bits)
        {
            (Shape, Bits) = (shape, bits);
            var random = new Random(shape.GetHashCode());
            query = Rows(random, shape.Query, shape.Dimension);
            // Passes of some 200 us: long enough to be timed, short enough to be left alone once in a slice.
            documents =
            [
                .. Enumerable.Range(0, Math.Clamp((int)(8e6 / MultiplyAdds), 2, 32))
                    .Select(_ => Rows(random, shape.Document, shape.Dimension)),
            ];
            packed = new PackedQuery(query, shape.Dimension, bits);
        }

        public (int Query, int Document, int Dimension) Shape { get; }

        public int Bits { get; }

        public double[] Rates { get; } = new double[Rounds];

        public double[] Shares { get; } = new double[Rounds];

        public double MultiplyAdds => (double)Shape.Query * Shape.Document * Shape.Dimension;

        /// <summary>
        /// Useful multiply-adds a second: of the fastest pass over the documents in a slice of time, so that other programs do not count.
        /// </summary>
        public double Measure(double seconds)
        {
            long began = Stopwatch.GetTimestamp();
            double fastest = double.MaxValue;
            do
            {
                long start = Stopwatch.GetTimestamp();
                foreach (float[] document in documents) packed.Score(document);
                fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
            return documents.Length * MultiplyAdds / fastest;
        }

        /// <summary>Largest difference to a sum in double precision, a query row.</summary>
        public double Check() => documents.Max(document => Math.Abs(packed.Score(document) - Plain(document))) / Shape.Query;

        private double Plain(float[] document)
        {
            double score = 0;
            for (int i = 0; i < query.Length; i += Shape.Dimension)
            {
                double best = double.NegativeInfinity;
                for (int j = 0; j < document.Length; j += Shape.Dimension)
                {
                    double dot = 0;
                    for (int k = 0; k < Shape.Dimension; k++) dot += (double)query[i + k] * document[j + k];
                    best = Math.Max(best, dot);
                }

                score += best;
            }

            return score;
        }

        private static float[] Rows(Random random, int rows, int dimension)
        {
            float[] values = new float[rows * dimension];
            for (int i = 0; i < rows; i++)
            {
                Span<float> row = values.AsSpan(i * dimension, dimension);
                float sum = 0;
                foreach (ref float value in row)
                {
                    value = (float)random.NextDouble() - 0.5f;
                    sum += value * value;
                }

                foreach (ref float value in row) value /= MathF.Sqrt(sum);
            }

            return values;
        }
    }
}
