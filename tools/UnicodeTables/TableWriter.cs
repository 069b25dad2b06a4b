namespace ColbertOnnx.Tools;

/// <summary>
/// Writes what TableReader of the library reads: little-endian two-stage tries (blocks of 128 code points, equal blocks
/// stored once) and arrays with their length before them.
/// </summary>
internal sealed class TableWriter(string path) : IDisposable
{
    private const int BlockSize = 128;
    private readonly BinaryWriter writer = new(File.Create(path));

    public void Trie(ushort[] values)
    {
        var known = new Dictionary<string, ushort>();
        var blocks = new List<ushort>();
        var index = new ushort[CharacterDatabase.CodePoints / BlockSize];
        for (int i = 0; i < index.Length; i++)
        {
            ReadOnlySpan<ushort> block = values.AsSpan(i * BlockSize, BlockSize);
            string key = string.Concat(block.ToArray().Select(v => (char)v));
            if (!known.TryGetValue(key, out index[i]))
            {
                known.Add(key, index[i] = (ushort)known.Count);
                blocks.AddRange(block);
            }
        }
        Array(index);
        Array([.. blocks]);
    }

    public void Array(ushort[] values)
    {
        writer.Write(values.Length);
        foreach (ushort value in values)
            writer.Write(value);
    }

    public void Array(int[] values)
    {
        writer.Write(values.Length);
        foreach (int value in values)
            writer.Write(value);
    }

    public void Names(IReadOnlyCollection<string> names)
    {
        writer.Write(names.Count);
        foreach (string name in names)
            writer.Write(name);
    }

    public void Dispose()
    {
        long length = writer.BaseStream.Length;
        writer.Dispose();
        Console.WriteLine($"{path}: {length:N0} bytes");
    }
}
