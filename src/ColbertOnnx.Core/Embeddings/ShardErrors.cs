using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>The texts that a shard could not encode go into the file of the whole under their numbers there.</summary>
internal static class ShardErrors
{
    private static ReadOnlySpan<byte> Start => "{\"text\":"u8;

    public static string PathOf(Shard shard) => RunManifest.ErrorsPathOf(shard.Path, RunIdentity.KindOf(shard.Manifest.Identity));

    /// <param name="before">Texts of the shards before it.</param>
    public static void Copy(Shard shard, StagedWriter writer, long before)
    {
        string path = PathOf(shard);
        if (shard.Manifest.Counts.Errors == 0 || !File.Exists(path)) return;
        using FileStream stream = InputReader.Open(EmbeddingErrors.Regular(path));
        var lines = new Utf8LineReader(stream, path);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!line.StartsWith(Start) || !Utf8Parser.TryParse(line[Start.Length..], out long number, out int length))
                throw EmbeddingErrors.Invalid(lines.Location, "this is no error of a text.", "Encode the shard again, or take the file away.");
            writer.Fail([.. Start, .. Encoding.ASCII.GetBytes((before + number).ToString(CultureInfo.InvariantCulture)), .. line[(Start.Length + length)..], (byte)'\n']);
        }

        if (lines.Line != shard.Manifest.Counts.Errors)
            throw EmbeddingErrors.Invalid(path, FormattableString.Invariant($"it has {lines.Line} errors, and the manifest beside it says {shard.Manifest.Counts.Errors}."), "Encode the shard again, or take the file away.");
    }
}
