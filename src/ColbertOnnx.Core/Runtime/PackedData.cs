using System.Globalization;
using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;

namespace ColbertOnnx.Runtime;

/// <summary>
/// Puts right what ONNX Runtime (1.30) writes of a packed graph and cannot use. It lays blobs end to end and reads them where they are
/// mapped, by instructions that want whole cache lines: after one of odd length (2,080 bytes are enough) the first call ends the process.
/// And it writes constants of the branches of an If twice, inline and again, and then refuses the graph for that.
/// </summary>
internal static class PackedData
{
    public const int CacheLine = 64;
    private const string Offset = "offset";
    private const string Length = "length";
    private const string Packed = "prepacked_";

    /// <summary>What the data file is called while it is written again.</summary>
    public static string Aligned(string data) => data + ".aligned";

    /// <summary>
    /// Writes graph and data again where they need it. All data lies in one file, <paramref name="graph"/> with '.data' behind.
    /// </summary>
    public static void Mend(string graph)
    {
        ModelProto model;
        using (FileStream file = File.OpenRead(graph)) model = ModelProto.Parser.ParseFrom(file);
        RemoveRepeated(model.Graph);
        TensorProto[] tensors = [.. Tensors(model.Graph).Where(tensor => tensor.ExternalData.Count > 0)];
        if (tensors.SelectMany(Blobs).Any(blob => blob.Offset % CacheLine != 0)) Align(graph + ".data", tensors);
        using FileStream written = File.Create(graph);
        model.WriteTo(written);
    }

    /// <summary>Where the parts of a tensor's data lie: its own, then what was packed from it.</summary>
    public static IEnumerable<(long Offset, long Length)> Blobs(TensorProto tensor)
    {
        yield return (Number(Entry(tensor, Offset)), Number(Entry(tensor, Length)));
        foreach (StringStringEntryProto entry in PackedEntries(tensor))
            foreach (string blob in entry.Value.Split('|').Skip(1))
            {
                string[] parts = blob.Split(';');
                yield return (Number(parts[0]), Number(parts[1]));
            }
    }

    /// <summary>Constants of a graph and of the graphs within its nodes.</summary>
    public static IEnumerable<TensorProto> Tensors(GraphProto graph) => graph.Initializer.Concat(Branches(graph).SelectMany(Tensors));

    private static IEnumerable<GraphProto> Branches(GraphProto graph) =>
        graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.G is not null).Select(attribute => attribute.G);

    private static void RemoveRepeated(GraphProto graph)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        TensorProto[] once = [.. graph.Initializer.Where(tensor => names.Add(tensor.Name))];
        if (once.Length < graph.Initializer.Count)
        {
            graph.Initializer.Clear();
            graph.Initializer.Add(once);
        }

        foreach (GraphProto branch in Branches(graph)) RemoveRepeated(branch);
    }

    private static void Align(string data, TensorProto[] tensors)
    {
        string aligned = Aligned(data);
        using (FileStream from = File.OpenRead(data), to = File.Create(aligned))
        {
            foreach (TensorProto tensor in tensors) Move(tensor, from, to);
        }

        File.Move(aligned, data, overwrite: true);
    }

    private static void Move(TensorProto tensor, FileStream from, FileStream to)
    {
        StringStringEntryProto offset = tensor.ExternalData.First(e => e.Key == Offset);
        offset.Value = Text(Copy(from, Number(offset.Value), Number(Entry(tensor, Length)), to));
        foreach (StringStringEntryProto entry in PackedEntries(tensor))
        {
            // key|offset;length;checksum|offset;length;checksum ...
            string[] blobs = entry.Value.Split('|');
            for (int i = 1; i < blobs.Length; i++)
            {
                string[] parts = blobs[i].Split(';');
                parts[0] = Text(Copy(from, Number(parts[0]), Number(parts[1]), to));
                blobs[i] = string.Join(';', parts);
            }

            entry.Value = string.Join('|', blobs);
        }
    }

    private static long Copy(FileStream from, long offset, long length, FileStream to)
    {
        long place = (to.Position + CacheLine - 1) / CacheLine * CacheLine;
        to.Position = place;
        from.Position = offset;
        byte[] buffer = new byte[1 << 16];
        while (length > 0)
        {
            int count = (int)Math.Min(length, buffer.Length);
            from.ReadExactly(buffer, 0, count);
            to.Write(buffer, 0, count);
            length -= count;
        }

        return place;
    }

    private static IEnumerable<StringStringEntryProto> PackedEntries(TensorProto tensor) =>
        tensor.ExternalData.Where(entry => entry.Key.StartsWith(Packed, StringComparison.Ordinal));

    private static string Entry(TensorProto tensor, string key) =>
        tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value ?? "0";

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw new InvalidDataException($"'{text}' is no place in a data file.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
