using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>The texts that a shard could not encode go into the file of the whole under their numbers there.</summary>
internal static class ShardErrors
{
    private const string Again = "Encode the shard again.";

    private static ReadOnlySpan<byte> Start => "{\"text\":"u8;

    public static string PathOf(Shard shard) => RunManifest.ErrorsPathOf(shard.Path, RunIdentity.KindOf(shard.Manifest.Identity));

    /// <summary>Why the errors could not be merged, as the end of a sentence without a point; null: they can.</summary>
    /// <param name="manifest">Of the output.</param>
    /// <param name="path">Where its errors lie.</param>
    public static string? Fault(RunManifest manifest, string path)
    {
        if (manifest.Counts.Errors > 0 && !File.Exists(path))
            return $"has no '{Path.GetFileName(path)}' beside it, and its manifest counts "
                + ShownText.Count(manifest.Counts.Errors, "error");
        try
        {
            Read(manifest, path, (_, _) => { });
            return null;
        }
        catch (ColbertException error)
        {
            return $"has errors beside it that cannot be read: {error.Message.TrimEnd('.')}";
        }
    }

    /// <param name="before">Texts of the shards before it.</param>
    public static void Copy(Shard shard, StagedWriter writer, long before) =>
        Read(
            shard.Manifest,
            PathOf(shard),
            (number, rest) => writer.Fail(
            [
                .. Start, .. Encoding.ASCII.GetBytes((before + number).ToString(CultureInfo.InvariantCulture)), .. rest, (byte)'\n',
            ]));

    private static void Read(RunManifest manifest, string path, Action<long, ReadOnlySpan<byte>> take)
    {
        long last = 0;
        if (manifest.Counts.Errors == 0) return;
        using FileStream stream = InputReader.Open(EmbeddingErrors.Regular(path));
        var lines = new Utf8LineReader(stream, path);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!TextFailure.IsLine(line) || !line.StartsWith(Start)
                || !Utf8Parser.TryParse(line[Start.Length..], out long number, out int length) || line[Start.Length + length] != (byte)',')
                throw EmbeddingErrors.Invalid(lines.Location, "this is not an error of a text.", Again);
            if (number <= last || number > manifest.Counts.Texts)
                throw EmbeddingErrors.Invalid(
                    lines.Location,
                    FormattableString.Invariant(
                        $"text {number} is not behind text {last} and among the {manifest.Counts.Texts} of the shard."),
                    Again);
            take(last = number, line[(Start.Length + length)..]);
        }

        if (lines.Line != manifest.Counts.Errors)
            throw EmbeddingErrors.Invalid(
                path,
                $"it has {ShownText.Count(lines.Line, "error")}, and the manifest beside it says {manifest.Counts.Errors}.",
                Again);
    }
}
