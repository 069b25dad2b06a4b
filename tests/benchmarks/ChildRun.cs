using System.Diagnostics;
using System.Globalization;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// A measurement in a process of its own, where nothing is loaded, compiled or allocated yet. It answers with one line of numbers.
/// </summary>
internal static class ChildRun
{
    public static double[] Run(string cache, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!, ["child", .. arguments]) { RedirectStandardOutput = true };
        info.Environment["COLBERT_CACHE"] = cache;
        using Process process = Process.Start(info)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. lines[^1].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }

    public static int Answer(params IEnumerable<double> numbers)
    {
        Console.WriteLine(string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
        return 0;
    }

    /// <summary>Minimum, median, maximum.</summary>
    public static string Spread(IEnumerable<double> values, string format = "F0")
    {
        double[] sorted = [.. values.Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted[0].ToString(format, CultureInfo.InvariantCulture)} "
                + $"{sorted[sorted.Length / 2].ToString(format, CultureInfo.InvariantCulture)} "
                + $"{sorted[^1].ToString(format, CultureInfo.InvariantCulture)}");
    }
}
