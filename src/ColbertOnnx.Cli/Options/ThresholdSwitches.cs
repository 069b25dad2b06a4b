using System.CommandLine;
using System.Globalization;
using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Cli.Options;

/// <summary>How near to a reference a model must be.</summary>
internal sealed class ThresholdSwitches
{
    private readonly Option<double?> cosine = Part(
        "--minimum-cosine", "Least cosine of any token vector. Default: 0.9999 for float32, 0.95 for INT8.", -1, 1);
    private readonly Option<double?> mean = Part(
        "--minimum-mean-cosine", "Least mean cosine of a text's vectors, or of all. Default: 0.9999 for float32, 0.99 for INT8.", -1, 1);
    private readonly Option<double?> tolerance = Part(
        "--tolerance", "Largest difference of a single number. Default: 0.0001 for float32, 0.15 for INT8.", 0, double.MaxValue);
    private readonly Option<int> worst = new("--worst")
    {
        Description = "How many of the worst texts are shown.",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };

    public ThresholdSwitches() => worst.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 0)
            result.AddError("--worst cannot be negative.");
    });

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { cosine, mean, tolerance, worst }) command.Add(option);
    }

    /// <summary>Only those that say when INT8 token vectors are near enough to those of float32.</summary>
    public void AddCosinesTo(Command command)
    {
        cosine.Description = "Least cosine of any INT8 token vector with float32's. Default: 0.95.";
        mean.Description = "Least mean of those cosines. Default: 0.99.";
        foreach (Option option in new Option[] { cosine, mean }) command.Add(option);
    }

    public ColbertExportOptions Read(ParseResult parsed, ColbertExportOptions options) =>
        options with { MinimumCosine = parsed.GetValue(cosine), MinimumMeanCosine = parsed.GetValue(mean) };

    public ColbertQuantizeOptions Read(ParseResult parsed, ColbertQuantizeOptions options) =>
        options with { MinimumCosine = parsed.GetValue(cosine), MinimumMeanCosine = parsed.GetValue(mean) };

    public ColbertParityOptions Read(ParseResult parsed) => new()
    {
        MinimumCosine = parsed.GetValue(cosine),
        MinimumMeanCosine = parsed.GetValue(mean),
        Tolerance = parsed.GetValue(tolerance),
        Worst = parsed.GetValue(worst),
    };

    private static Option<double?> Part(string name, string description, double least, double most) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value >= least && value <= most)
                return value;
            result.AddError(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} must be a number from "
                        + $"{least}{(most < double.MaxValue ? FormattableString.Invariant($" to {most}") : " on")}, not "
                        + $"'{result.Tokens[0].Value}'."));
            return null;
        },
    };
}
