using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ColbertOnnx.Embeddings;

/// <summary>NumPy's file format, version 1.0, row by row.</summary>
internal static class NpyFormat
{
    private const int Alignment = 64;

    /// <summary>How a file begins: the format's mark (six bytes) and its version.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>"doc_000000", "query_000000": with .npy behind it the names that the Rust encoder's users know.</summary>
    public static string NameOf(TextKind kind, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(kind)}{number:D6}");

    /// <summary>
    /// The number in a file's name that <see cref="NameOf"/> gives for this kind, or in that of its scales; -1 for other names.
    /// </summary>
    public static long NumberOf(TextKind kind, string file)
    {
        string prefix = PrefixOf(kind);
        if (!file.StartsWith(prefix, StringComparison.Ordinal) || !file.EndsWith(".npy", StringComparison.Ordinal)) return -1;
        ReadOnlySpan<char> number = file.AsSpan()[prefix.Length..^4];
        if (number.EndsWith(ArrayEmbeddings.ScaleSuffix, StringComparison.Ordinal)) number = number[..^ArrayEmbeddings.ScaleSuffix.Length];
        return number.Length >= 6 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : -1;
    }

    public static string PrefixOf(TextKind kind) => kind == TextKind.Query ? "query_" : "doc_";

    public static byte[] Header(string descr, long rows, long columns) =>
        Header(descr, string.Create(CultureInfo.InvariantCulture, $"({rows}, {columns})"));

    public static byte[] Header(string descr, long length) => Header(descr, string.Create(CultureInfo.InvariantCulture, $"({length},)"));

    private static byte[] Header(string descr, string shape)
    {
        string dictionary = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}";

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
}
