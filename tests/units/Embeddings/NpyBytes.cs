using System.Buffers.Binary;
using System.Text;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>npy files as a test wants them, right or wrong.</summary>
internal static class NpyBytes
{
    public static byte[] Of(string header, ReadOnlySpan<byte> data, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    public static byte[] Of(string descr, string shape, ReadOnlySpan<byte> data, bool fortran = false) =>
        Of($"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}\n", data);

    public static byte[] Floats(string shape, params float[] values) =>
        Of("<f4", shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
}
