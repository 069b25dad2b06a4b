using System.Text;

namespace ColbertOnnx.Inputs;

/// <summary>UTF-8 that is never repaired silently.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes, string location)
    {
        try
        {
            return Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw InputErrors.NotUtf8(location, error);
        }
    }

    /// <summary>A whole file as one text; a byte order mark is not part of it.</summary>
    public static string ReadFile(string path)
    {
        InputReader.RefuseEmbeddings(path);
        if (ParquetAddOn.IsParquet(path))
            throw InputErrors.Invalid(
                path, "this is a Parquet file, not one text.",
                "To encode its rows: ConvertTo-ColbertEmbedding -Path FILE, in PowerShell, or colbert encode FILE.");
        using FileStream stream = InputReader.Open(path);
        ReadOnlySpan<byte> content = ReadAll(stream, path);
        content = content[InputBuffer.Begin(content, path)..];
        try
        {
            return Encoding.GetString(content);
        }
        catch (DecoderFallbackException error)
        {
            int line = 1 + content[..Math.Clamp(error.Index, 0, content.Length)].Count((byte)'\n');
            throw InputErrors.NotUtf8(InputErrors.At(path, line), error);
        }
    }

    private static ReadOnlySpan<byte> ReadAll(FileStream stream, string path)
    {
        // A pipe, or a file of the system's, does not say how long it is.
        long length = stream.CanSeek ? stream.Length : 0;
        if (length > Limits.LongestLine) throw InputErrors.TooLong(path, "the file");
        byte[] buffer = new byte[Math.Max(length + 1, 4096)];
        int start = 0, end = 0;
        while (true)
        {
            int read = InputErrors.Read(stream, buffer.AsSpan(end), path);
            if (read == 0) return buffer.AsSpan(0, end);
            end += read;
            if (end == buffer.Length && !InputBuffer.MakeRoom(ref buffer, ref start, ref end)) throw InputErrors.TooLong(path, "the file");
        }
    }
}
