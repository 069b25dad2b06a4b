using System.Text;
using ColbertOnnx.IO;

namespace ColbertOnnx.Runtime;

/// <summary>
/// Names of the data files that a graph refers to, as it writes them: relative to its folder. Goes over the fields of the file and passes
/// over weights that lie inside, so that a large file is not read.
/// </summary>
internal static class ExternalFiles
{
    // onnx.proto3: ModelProto.graph, GraphProto.initializer, and the wire type of what has a length.
    private const int Graph = 7, Initializer = 5, Lengthed = 2;

    // Weights are larger, and an entry that names a file is smaller.
    private const int LargestText = 64 * 1024;

    // StringStringEntryProto { key = "location", value }: field 1 with its length, field 2 with what follows.
    private static readonly byte[] Location = [0x0A, 8, .. "location"u8, 0x12];

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not a graph.</exception>
    public static IReadOnlyCollection<string> Of(string graph)
    {
        RegularFile.Require(graph);
        using var file = new FileStream(graph, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 16 * 1024);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (long modelEnd in Messages(file, file.Length, Graph, found))
        {
            foreach (long graphEnd in Messages(file, modelEnd, Initializer, found))
            {
                foreach (long _ in Messages(file, graphEnd, 0, found))
                {
                }
            }
        }

        return found;
    }

    // Gives the end of each message of this field; the file stands at its beginning then. Other fields are searched for names.
    private static IEnumerable<long> Messages(FileStream file, long end, int wanted, SortedSet<string> found)
    {
        while (file.Position < end)
        {
            long tag = Varint(file), length;
            switch (tag & 7)
            {
                case 0: Varint(file); continue;
                case 1: file.Position += 8; continue;
                case 5: file.Position += 4; continue;
                case Lengthed: length = Varint(file); break;
                default: throw new InvalidDataException($"'{file.Name}' is not a graph.");
            }

            if (length < 0 || length > end - file.Position) throw new InvalidDataException($"'{file.Name}' is not a graph.");
            long next = file.Position + length;
            if (tag >> 3 == wanted) yield return next;
            else if (wanted > 0 || length <= LargestText) Search(file, (int)Math.Min(length, int.MaxValue), found);
            file.Position = next;
        }
    }

    private static void Search(FileStream file, int length, SortedSet<string> found)
    {
        byte[] bytes = new byte[length];
        file.ReadExactly(bytes);
        ReadOnlySpan<byte> rest = bytes;
        while (rest.IndexOf(Location) is >= 0 and int at)
        {
            rest = rest[(at + Location.Length)..];
            int size = 0, shift = 0, i = 0;
            for (; i < rest.Length && shift < 28; shift += 7)
            {
                size |= (rest[i] & 127) << shift;
                if (rest[i++] < 128) break;
            }

            if (size <= rest.Length - i) found.Add(Encoding.UTF8.GetString(rest.Slice(i, size)));
        }
    }

    private static long Varint(FileStream file)
    {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = file.ReadByte();
            if (next < 0) throw new EndOfStreamException();
            value |= (long)(next & 127) << shift;
            if (next < 128) return value;
        }

        throw new InvalidDataException($"'{file.Name}' is not a graph.");
    }
}
