using System.Text;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>A report on the disk: it gets its name when it is complete.</summary>
internal static class ReportFile
{
    /// <summary>Before the work: what is there is not replaced unasked, and a file can be made there.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>,
    /// <see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static void Check(string path, bool force)
    {
        string target = Target(path, force);

        // Its folder is made with it; until then the nearest that is there says whether that can be.
        string folder = OutputTarget.NearestAbove(target)!;
        OutputGuard.Run(path, () => new StagingFolder(folder, Path.GetFileName(target), target).Dispose());
    }

    /// <exception cref="ColbertException">As <see cref="Check"/>.</exception>
    public static void Write(string path, string html, bool force)
    {
        string full = Target(path, force), folder = Path.GetDirectoryName(full)!;
        OutputGuard.Run(path, () =>
        {
            Directory.CreateDirectory(folder);
            using var staging = new StagingFolder(folder, Path.GetFileName(full), full);
            string written = staging.FileOf("report");
            StagingName.Becomes(written, full);
            File.WriteAllText(written, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(written, full, force);
        });
    }

    // The full path, unless what the name stands for is refused.
    private static string Target(string path, bool force)
    {
        if (path == "-")
            throw new ColbertException(ColbertErrorId.InputInvalid, "A page is not written to standard output.", path, "Name a file.");
        string target = OutputTarget.Of(path);
        if (Directory.Exists(target))
            throw new ColbertException(ColbertErrorId.OutputFailed, $"'{path}' is a folder.", path, "Name a file.");
        return force || !File.Exists(target) ? target : throw OutputGuard.Exists(path);
    }
}
