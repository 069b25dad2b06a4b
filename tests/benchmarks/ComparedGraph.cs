using System.Globalization;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Benchmarks;

/// <summary>A graph and what its rounds took.</summary>
internal sealed class ComparedGraph(string name, IEncoderSession session)
{
    private readonly List<double> rates = [], costs = [];

    public string Name => name;

    public IEncoderSession Session => session;

    public void Begin()
    {
        rates.Clear();
        costs.Clear();
    }

    /// <param name="rate">Documents a second.</param>
    /// <param name="cost">Milliseconds of CPU time for a document.</param>
    public void Add(double rate, double cost)
    {
        rates.Add(rate);
        costs.Add(cost);
    }

    /// <summary>Rates, costs, and both in relation to another graph's of the same rounds.</summary>
    public string Against(ComparedGraph first) =>
        $"{Cell(rates, "f1")} | {Cell(costs, "f1")} | {Cell(rates.Zip(first.rates, (a, b) => a / b), "f2")} | "
            + $"{Cell(costs.Zip(first.costs, (a, b) => b / a), "f2")}";

    private static string Cell(IEnumerable<double> values, string format)
    {
        Spread spread = Spread.Of([.. values]);
        return string.Join(
            ' ',
            new[] { spread.Minimum, spread.Median, spread.Maximum }.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
