using System.Buffers.Binary;
using System.IO.Compression;

namespace ColbertOnnx.Fuzz;

/// <summary>
/// Spoils what is inside of a container and leaves the container whole: bytes alone would rarely come past its checksums.
/// </summary>
internal static class ContainerMutator
{
    /// <summary>The arrays of an npz, or every third time the archive itself.</summary>
    public static byte[] Npz(Random random, byte[] bytes)
    {
        if (random.Next(3) == 0) return ByteMutator.Mutate(random, bytes);
        using var source = new ZipArchive(new MemoryStream(bytes));
        var result = new MemoryStream();
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            int spoiled = random.Next(source.Entries.Count);
            for (int i = 0; i < source.Entries.Count; i++)
            {
                using var content = new MemoryStream();
                using (Stream entry = source.Entries[i].Open()) entry.CopyTo(content);
                byte[] array = i == spoiled ? Npy(random, content.ToArray()) : content.ToArray();
                string name = i == spoiled && random.Next(8) == 0 ? $"../{source.Entries[i].FullName}" : source.Entries[i].FullName;
                using Stream written =
                    target.CreateEntry(name, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
                written.Write(array);
            }
        }

        return result.ToArray();
    }

    /// <summary>An array: half of the time in its head, which ends at byte 128.</summary>
    public static byte[] Npy(Random random, byte[] bytes)
    {
        int head = Math.Min(bytes.Length, random.Next(2) == 0 ? 128 : bytes.Length);
        return [.. ByteMutator.Mutate(random, bytes[..head]), .. bytes[head..]];
    }

    /// <summary>The footer of a Parquet file, its pages, or both; half of the time the bytes around stay in their places.</summary>
    public static byte[] Parquet(Random random, byte[] bytes)
    {
        int footer = Math.Clamp(
            bytes.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - 8)), 4, bytes.Length - 8);
        if (random.Next(2) == 0)
        {
            byte[] changed = [.. bytes];
            bool isFooter = random.Next(2) == 0;
            for (int left = random.Next(1, 4); left > 0; left--)
                changed[isFooter ? random.Next(footer, bytes.Length) : random.Next(4, footer)] = (byte)random.Next(256);
            return changed;
        }

        byte[] tail = random.Next(3) == 0 ? bytes[footer..^8] : ByteMutator.Mutate(random, bytes[footer..^8]), length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, tail.Length);
        return [.. random.Next(2) == 0 ? bytes[..footer] : ByteMutator.Mutate(random, bytes[..footer]), .. tail, .. length, .. bytes[^4..]];
    }

    /// <summary>The JSON in front of a safetensors file, with its length right.</summary>
    public static byte[] Safetensors(Random random, byte[] bytes)
    {
        if (random.Next(4) == 0) return ByteMutator.Mutate(random, bytes);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        byte[] json = JsonMutator.Mutate(random, bytes[8..(8 + length)]), size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, json.Length);
        return [.. size, .. json, .. bytes[(8 + length)..]];
    }
}
