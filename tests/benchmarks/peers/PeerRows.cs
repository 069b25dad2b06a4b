using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>Whether rows are what a ColBERT encoder gives.</summary>
internal static class PeerRows
{
    public static void Check(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row) sum += (double)value * value;
        if (!(Math.Abs(Math.Sqrt(sum) - 1) < 1e-3)) throw new InvalidOperationException($"a row of length {Math.Sqrt(sum)}, not 1");
    }

    /// <summary>Numbers of an npy file, which are little-endian.</summary>
    public static T[] Read<T>(string file)
        where T : unmanaged
    {
        byte[] bytes = File.ReadAllBytes(file);
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)))).ToArray();
    }
}
