using System.Globalization;
using ColbertOnnx.Diagnostics.Html;

namespace ColbertOnnx.Diagnostics.Heatmaps;

/// <summary>Heat maps on the disk: .svg holds one, .html (.htm) any number. The file gets its name when it is complete.</summary>
public static class HeatmapFile
{
    // Some 30 MB of page; browsers become slow beyond.
    private const long MostCells = 250_000;

    /// <summary>Whether a file of that name holds one heat map.</summary>
    public static bool IsSvg(string path) => Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase);

    /// <summary>Before the work: whether such a file can be written there.</summary>
    /// <param name="path">A file that ends in .svg, .html or .htm.</param>
    /// <param name="force">Replace what is there.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/> (neither .svg nor .html),
    /// <see cref="ColbertErrorId.OutputExists"/>.</exception>
    public static void Check(string path, bool force = false)
    {
        if (!IsSvg(path) && !IsPage(path))
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"'{path}' says neither .svg nor .html, which are the two forms of a heat map.", path,
                "Give the file one of these extensions.");
        }

        ReportFile.Check(path, force);
    }

    /// <summary>Draws which query token is how near to which document token.</summary>
    /// <param name="path">A file that ends in .svg (one similarity), .html or .htm.</param>
    /// <param name="similarities">What is drawn, in this order.</param>
    /// <param name="force">Replace what is there.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.InputInvalid"/> (none, several for an .svg, or too many cells), <see cref="ColbertErrorId.OutputExists"/>,
    /// <see cref="ColbertErrorId.OutputFailed"/>.
    /// </exception>
    public static void Write(string path, IReadOnlyList<ColbertSimilarity> similarities, bool force = false)
    {
        Check(path, force);
        if (similarities.Count == 0)
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "There is nothing to draw a heat map of.", path,
                "Give a query and a document, or what Measure-ColbertSimilarity gave.");
        if (IsSvg(path) && similarities.Count > 1)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                string.Create(CultureInfo.InvariantCulture, $"'{path}' can hold one heat map, not {similarities.Count}."),
                path,
                "Write them to an .html file, or take the best one alone (-Top 1).");
        }

        long cells = similarities.Sum(similarity => (long)similarity.Query.TokenCount * similarity.Document.TokenCount);
        if (cells > MostCells)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A heat map of {cells:N0} cells (query tokens times document tokens) is too large to be looked at; {MostCells:N0} "
                        + $"are the most."),
                path,
                "Draw fewer documents, or split long ones.");
        }

        ReportFile.Write(
            path,
            IsSvg(path)
                ? HeatmapSvg.Draw(new Heatmap(similarities[0])) + "\n"
                : HeatmapPage.Write([.. similarities.Select(similarity => new Heatmap(similarity))]),
            force);
    }

    private static bool IsPage(string path) => Path.GetExtension(path).ToUpperInvariant() is ".HTML" or ".HTM";
}
