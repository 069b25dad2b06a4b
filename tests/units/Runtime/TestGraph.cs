using System.Text;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>
/// Writes the smallest ONNX graphs that tests need: output = Gather(table, input_ids). A row of the table holds its own number in each
/// column. Field numbers are those of onnx.proto3.
/// </summary>
internal sealed class TestGraph
{
    private const int Float = 1, Int32 = 6, Int64 = 7, Half = 10;

    public string[] Inputs { get; init; } = ["input_ids", "attention_mask"];

    public bool IdsAreInt32 { get; init; }

    public bool OutputIsHalf { get; init; }

    public bool OpenDimension { get; init; }

    /// <summary>The table goes to this file beside the graph.</summary>
    public string? ExternalFile { get; init; }

    public int Rows { get; init; } = 50;

    public int Dimension { get; init; } = 4;

    public string Write(string folder, string name = "model.onnx")
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, Model());
        if (ExternalFile is not null) File.WriteAllBytes(Path.Combine(folder, ExternalFile), TableBytes());
        return path;
    }

    private byte[] Model()
    {
        byte[] node = Message(Text(1, "table"), Text(1, "input_ids"), Text(2, "output"), Text(4, "Gather"));
        byte[] graph = Message(
            [Bytes(1, node), Text(2, "graph"), Bytes(5, Table()),
             .. Inputs.Select(i => Bytes(11, ValueInfo(i, IdsAreInt32 ? Int32 : Int64, "batch", "length"))),
             Bytes(12, ValueInfo("output", OutputIsHalf ? Half : Float, "batch", "length", OpenDimension ? "open" : Dimension))]);
        return Message(Number(1, 8), Bytes(7, graph), Bytes(8, Message(Text(1, ""), Number(2, 17))));
    }

    private byte[] Table()
    {
        byte[] head = Message(Number(1, Rows), Number(1, Dimension), Number(2, OutputIsHalf ? Half : Float), Text(8, "table"));
        return ExternalFile is null
            ? Message(head, Bytes(9, TableBytes()))
            : Message(head, Bytes(13, Message(Text(1, "location"), Text(2, ExternalFile))), Number(14, 1));
    }

    private byte[] TableBytes()
    {
        var stream = new MemoryStream();
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Dimension; column++)
                stream.Write(OutputIsHalf ? BitConverter.GetBytes((System.Half)row) : BitConverter.GetBytes((float)row));
        }

        return stream.ToArray();
    }

    private static byte[] ValueInfo(string name, int type, params object[] dimensions)
    {
        byte[] shape = Message([.. dimensions.Select(d => Bytes(1, d is int size ? Number(1, size) : Text(2, (string)d)))]);
        return Message(Text(1, name), Bytes(2, Message(Bytes(1, Message(Number(1, type), Bytes(2, shape))))));
    }

    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(f => f)];

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => [.. Varint((field << 3) | 2), .. Varint(value.Length), .. value];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7) bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
