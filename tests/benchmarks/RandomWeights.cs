using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ColbertOnnx.Benchmarks;

/// <summary>A safetensors file of random numbers, the same every time.</summary>
internal static class RandomWeights
{
    /// <summary>Matrices are normal with deviation 1.2 / sqrt(inputs), norms are ones, biases 0.01.</summary>
    public static void Write(string path, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        (string Name, long[] Shape)[] all = [.. tensors];
        using FileStream file = File.Create(path);
        WriteHeader(file, all);
        var random = new Random(1);
        foreach ((string name, long[] shape) in all)
        {
            float[] row = new float[shape[^1]];
            Array.Fill(row, name.EndsWith("bias", StringComparison.Ordinal) ? 0.01f : 1);
            for (long i = 0; i < (shape.Length == 1 ? 1 : shape[0]); i++)
            {
                if (shape.Length > 1) Fill(row, random, 1.2 / Math.Sqrt(row.Length));
                file.Write(MemoryMarshal.AsBytes<float>(row));
            }
        }
    }

    private static void WriteHeader(FileStream file, (string Name, long[] Shape)[] tensors)
    {
        var header = new Dictionary<string, object>();
        long offset = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long end = offset + shape.Aggregate((long)sizeof(float), (product, side) => product * side);
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
    }

    // Box and Muller: two numbers at a time.
    private static void Fill(float[] row, Random random, double deviation)
    {
        for (int i = 0; i < row.Length; i += 2)
        {
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), angle = 2 * Math.PI * random.NextDouble();
            row[i] = (float)(radius * Math.Cos(angle));
            if (i + 1 < row.Length) row[i + 1] = (float)(radius * Math.Sin(angle));
        }
    }
}
