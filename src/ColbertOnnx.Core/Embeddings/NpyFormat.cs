using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ColbertOnnx.Embeddings;

/// <summary>NumPy's file format, version 1.0: float32 in little-endian, row by row.</summary>
internal static class NpyFormat
{
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    public static void Write(Stream stream, ReadOnlySpan<float> values, int rows, int columns)
    {
        stream.Write(Header(rows, columns));
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> number = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(number, value);
            stream.Write(number);
        }
    }

    /// <summary>"doc_000000.npy", "query_000000.npy": the names that the Rust encoder's users know.</summary>
    public static string NameOf(TextKind kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(kind)}{number:D6}.npy");

    /// <summary>True for a name that <see cref="NameOf"/> gives for this kind.</summary>
    public static bool IsNameOf(TextKind kind, string name)
    {
        string prefix = PrefixOf(kind);
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(".npy", StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> number = name.AsSpan()[prefix.Length..^4];
        return number.Length >= 6 && !number.ContainsAnyExceptInRange('0', '9');
    }

    internal static byte[] Header(int rows, int columns)
    {
        string dictionary = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");

        // Magic, version and length take ten bytes; blanks and a line feed fill up so that the numbers are aligned.
        int length = ((10 + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment) - 10;
        byte[] header = new byte[10 + length];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    public static string PrefixOf(TextKind kind) => kind == TextKind.Query ? "query_" : "doc_";
}
