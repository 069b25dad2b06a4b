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
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputReader.Unreadable(path, error);
        }

        ReadOnlySpan<byte> content = bytes;
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) throw InputErrors.Utf16(path);
        if (content.StartsWith("\uFEFF"u8)) content = content[3..];
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
}
