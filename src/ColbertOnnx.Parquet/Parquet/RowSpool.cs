using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ColbertOnnx.Parquet;

/// <summary>
/// Texts one behind the other, as a run keeps them that can be interrupted: a Parquet file cannot be gone on with, because its index stands
/// at its end.
/// </summary>
internal static class RowSpool
{
    public static void Write(Stream to, string? id, string? text, ReadOnlySpan<byte> values, IReadOnlyList<int>? tokens)
    {
        WriteText(to, id);
        WriteText(to, text);
        WriteBytes(to, values);
        WriteBytes(to, tokens is null ? [] : MemoryMarshal.AsBytes<int>([.. tokens]));
    }

    /// <summary>The next text; false: there is none.</summary>
    public static bool TryRead(Stream from, out string? id, out string? text, out byte[] values, out int[] tokens)
    {
        (id, text, values, tokens) = (null, null, [], []);
        if (from.Position == from.Length) return false;
        id = ReadText(from);
        text = ReadText(from);
        values = ReadBytes(from) ?? [];
        tokens = MemoryMarshal.Cast<byte, int>(ReadBytes(from) ?? []).ToArray();
        return true;
    }

    private static void WriteText(Stream to, string? text)
    {
        if (text is null) WriteLength(to, -1);
        else WriteBytes(to, Encoding.UTF8.GetBytes(text));
    }

    private static void WriteBytes(Stream to, ReadOnlySpan<byte> bytes)
    {
        WriteLength(to, bytes.Length);
        to.Write(bytes);
    }

    private static void WriteLength(Stream to, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        to.Write(bytes);
    }

    private static string? ReadText(Stream from) => ReadBytes(from) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static byte[]? ReadBytes(Stream from)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        from.ReadExactly(length);
        int count = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (count < 0) return null;
        byte[] bytes = new byte[count];
        from.ReadExactly(bytes);
        return bytes;
    }
}
