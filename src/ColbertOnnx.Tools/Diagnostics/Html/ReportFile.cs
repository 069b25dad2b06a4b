using System.Text;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>A report on the disk: it gets its name when it is complete.</summary>
internal static class ReportFile
{
    /// <summary>Before the work: what is there is not replaced unasked.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>.</exception>
    public static void Check(string path, bool force)
    {
        string target = OutputTarget.Of(path);
        if (!force && File.Exists(target)) throw OutputGuard.Exists(path);
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public static void Write(string path, string html, bool force)
    {
        Check(path, force);
        string full = OutputTarget.Of(path), folder = Path.GetDirectoryName(full)!;
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
}
