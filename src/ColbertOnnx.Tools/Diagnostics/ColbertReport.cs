using ColbertOnnx.Diagnostics.Html;
using ColbertOnnx.Diagnostics.Parity;

namespace ColbertOnnx.Diagnostics;

/// <summary>Results as a page: one HTML file that needs no other, with tables, curves and histograms.</summary>
public static class ColbertReport
{
    /// <summary>Before the work: what is there is not replaced unasked.</summary>
    /// <param name="path">The page.</param>
    /// <param name="force">Replace what is there.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>; <see cref="ColbertErrorId.InputInvalid"/>: no
    /// path.</exception>
    public static void Check(string path, bool force = false) => ReportFile.Check(path, force);

    /// <summary>Writes what a comparison found. The page gets its name when it is complete.</summary>
    /// <param name="path">The page.</param>
    /// <param name="parity">The comparison.</param>
    /// <param name="force">Replace what is there.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public static void Write(string path, ColbertParity parity, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(parity);
        ReportFile.Write(path, ParityReport.Write(parity), force);
    }

    /// <summary>Writes what was measured, with a curve for each thing that was varied.</summary>
    /// <param name="path">The page.</param>
    /// <param name="results">Results of one measurement; at least one.</param>
    /// <param name="force">Replace what is there.</param>
    /// <inheritdoc cref="Write(string, ColbertParity, bool)"/>
    public static void Write(string path, IReadOnlyList<ColbertThroughput> results, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentOutOfRangeException.ThrowIfZero(results.Count, nameof(results));
        ReportFile.Write(path, ThroughputReport.Write(results), force);
    }
}
