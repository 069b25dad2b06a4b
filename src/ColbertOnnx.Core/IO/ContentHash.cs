using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ColbertOnnx.IO;

/// <summary>
/// 128 bits that tell contents apart, quick from the first byte on: loading a library for SHA-256 takes longer than the files of most
/// models. Every step is invertible in what it adds, so no single change is lost. Not for secrets, nor against deliberate collisions.
/// </summary>
internal struct ContentHash()
{
    private ulong first = 0x9E3779B97F4A7C15, second = 0xD1B54A32D192ED03;
    private ulong length;

    /// <summary>Adds bytes. Only the last piece may have a length that is not a multiple of eight.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        length += (ulong)bytes.Length;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) Mix(word);
        ReadOnlySpan<byte> rest = bytes[(words.Length * sizeof(ulong))..];
        ulong last = 0;
        foreach (byte b in rest) last = (last << 8) | b;
        if (rest.Length > 0) Mix(last);
    }

    public readonly UInt128 Value
    {
        get
        {
            ContentHash end = this;
            for (int i = 0; i < 4; i++) end.Mix(end.length ^ end.first);
            return new UInt128(end.first, end.second);
        }
    }

    public override readonly string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    private void Mix(ulong word)
    {
        first = BitOperations.RotateLeft((first ^ word) * 0xFF51AFD7ED558CCD, 31);
        second = BitOperations.RotateLeft((second + word) * 0xC4CEB9FE1A85EC53, 27) ^ first;
    }
}
