using System.Globalization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>One original and one seed for all tests of a class.</summary>
public sealed class OracleRun : IDisposable
{
    private readonly Oracle? oracle;
    private readonly string reason;
    private bool said;

    public OracleRun()
    {
        oracle = Oracle.Start(out reason);
        Seed = int.TryParse(Environment.GetEnvironmentVariable("COLBERT_TEST_SEED"), CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
    }

    /// <summary>Given by COLBERT_TEST_SEED, else new in each run.</summary>
    public int Seed { get; }

    /// <summary>Null when it cannot be had.</summary>
    internal Oracle? Oracle => oracle;

    /// <summary>
    /// Says once, in the log of the run, what answers are compared. A warning, because nothing else of a test that passes is shown there.
    /// </summary>
    public void Say(string compared)
    {
        if (said) return;
        said = true;
        TestContext.Current.AddWarning(oracle is null
            ? $"The original tokenizer is not here, so that its recorded answers are compared. {reason}"
            : string.Create(CultureInfo.InvariantCulture, $"Compared with the original tokenizer: {compared}. COLBERT_TEST_SEED={Seed}"));
    }

    public void Dispose() => oracle?.Dispose();
}
