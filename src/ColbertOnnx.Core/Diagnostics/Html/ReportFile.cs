using System.Text;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>A report on the disk: it gets its name when it is complete.</summary>
internal static class ReportFile
{
    /// <summary>Before the work: what is there is not replaced unasked.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>.</exception>
    public static void Check(string path, bool force)
    {
        if (!force && File.Exists(path)) throw OutputGuard.Exists(path);
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public static void Write(string path, string html, bool force)
    {
        Check(path, force);
        string full = Path.GetFullPath(path), temporary = StagingName.For(full);
        try
        {
            OutputGuard.Run(path, () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                File.WriteAllText(temporary, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                File.Move(temporary, full, force);
            });
        }
        finally
        {
            StagingName.Delete(temporary);
        }
    }
}
