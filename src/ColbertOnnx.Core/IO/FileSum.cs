using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.IO;

/// <summary>
/// A checksum of all bytes of a file: four CRC-32C, each over every fourth eight bytes, by the CPU's own instruction. It finds what a
/// disk, a copy or a power loss did, and is no defence against people.
/// </summary>
internal static class FileSum
{
    private const int Stripe = 4 * sizeof(ulong);
    private const int BufferSize = 8192 * Stripe;

    public static string Of(string file)
    {
        using SafeFileHandle handle = File.OpenHandle(file, share: FileShare.Read | FileShare.Delete, options: FileOptions.SequentialScan);
        Span<uint> sums = [uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue];
        byte[] buffer = new byte[BufferSize];
        for (long at = 0; ;)
        {
            int filled = 0;
            for (int read; filled < BufferSize && (read = RandomAccess.Read(handle, buffer.AsSpan(filled), at + filled)) > 0;)
                filled += read;
            Add(sums, buffer.AsSpan(0, filled));
            at += filled;
            if (filled < BufferSize) break;
        }

        return $"{sums[0]:x8}{sums[1]:x8}{sums[2]:x8}{sums[3]:x8}";
    }

    // Compiled fully at once: there is one call, and it takes long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<uint> sums, ReadOnlySpan<byte> bytes)
    {
        int whole = bytes.Length / Stripe * Stripe;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes[..whole]);
        uint a = sums[0], b = sums[1], c = sums[2], d = sums[3];
        for (int i = 0; i + 3 < words.Length; i += 4)
        {
            a = BitOperations.Crc32C(a, words[i]);
            b = BitOperations.Crc32C(b, words[i + 1]);
            c = BitOperations.Crc32C(c, words[i + 2]);
            d = BitOperations.Crc32C(d, words[i + 3]);
        }

        foreach (byte rest in bytes[whole..]) a = BitOperations.Crc32C(a, rest);
        (sums[0], sums[1], sums[2], sums[3]) = (a, b, c, d);
    }
}
