using System.Buffers.Binary;

namespace ColbertOnnx.Fuzz;

/// <summary>Spoils bytes, whatever they mean.</summary>
internal static class ByteMutator
{
    private static readonly long[] Numbers =
        [
            0, 1, -1, 2, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue,
            long.MinValue, long.MaxValue - 1,
        ];

    public static byte[] Mutate(Random random, byte[] bytes)
    {
        var result = new List<byte>(bytes);
        for (int i = Times(random); i > 0; i--) Step(random, result);
        return [.. result];
    }

    /// <summary>Mostly one, sometimes several.</summary>
    public static int Times(Random random) => random.Next(3) == 0 ? random.Next(2, 9) : 1;

    private static void Step(Random random, List<byte> bytes)
    {
        int place = random.Next(bytes.Count + 1), left = bytes.Count - place;
        switch (random.Next(9))
        {
            case 0 when left > 0:
                bytes[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when left > 0:
                bytes[place] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(place, Math.Min(left, random.Next(1, 64)));
                break;
            case 3:
                bytes.RemoveRange(place, left);
                break;
            case 4:
                bytes.InsertRange(place, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 300)));
                break;
            case 5 when bytes.Count > 0:
                int from = random.Next(bytes.Count);
                bytes.InsertRange(place, bytes.GetRange(from, Math.Min(bytes.Count - from, random.Next(1, 200))));
                break;
            case 6 when left >= 8:
                Write(random, bytes, place, 8);
                break;
            case 7 when left >= 4:
                Write(random, bytes, place, 4);
                break;
            case 8 when left > 0 && char.IsAsciiDigit((char)bytes[place]):
                bytes.InsertRange(place, "99999999999999999999"u8.ToArray().Take(random.Next(1, 20)));
                break;
            default:
                bytes.InsertRange(place, "\0\"\n\r\t,;[]{}"u8.ToArray().OrderBy(_ => random.Next()).Take(random.Next(1, 4)));
                break;
        }
    }

    private static void Write(Random random, List<byte> bytes, int place, int size)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Numbers[random.Next(Numbers.Length)]);
        for (int i = 0; i < size; i++) bytes[place + i] = number[i];
    }
}
