using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ColbertOnnx.Text;

/// <summary>Reads the tables that tools/UnicodeTables writes, from the resources of the assembly.</summary>
internal ref struct TableReader
{
    private ReadOnlySpan<byte> rest;

    public TableReader(string name)
    {
        using Stream stream = typeof(TableReader).Assembly.GetManifestResourceStream("ColbertOnnx.Text." + name)
            ?? throw new InvalidOperationException("The assembly lacks its table " + name + ".");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        rest = bytes;
    }

    public CodePointTrie Trie() => new(UInt16s(), UInt16s());

    public ushort[] UInt16s()
    {
        ReadOnlySpan<byte> bytes = Take(Length() * sizeof(ushort));
        ushort[] values = MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(values, values);
        return values;
    }

    public int[] Int32s()
    {
        ReadOnlySpan<byte> bytes = Take(Length() * sizeof(int));
        int[] values = MemoryMarshal.Cast<byte, int>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(values, values);
        return values;
    }

    public string[] Names()
    {
        var names = new string[Length()];
        for (int i = 0; i < names.Length; i++)
            names[i] = Encoding.ASCII.GetString(Take(Take(1)[0]));
        return names;
    }

    private int Length() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
