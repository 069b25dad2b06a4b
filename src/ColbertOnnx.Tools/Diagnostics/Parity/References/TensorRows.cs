using System.Globalization;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>Rows of a tensor, read where they are asked for; values that are not finite are found.</summary>
internal sealed class TensorRows(SafetensorsFile file, string tensor)
{
    private readonly SafetensorsTensor header = Header(file, tensor);

    public long Rows => header.Shape[0];

    public int Dimension => (int)header.Shape[1];

    public string Location(long row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(file.FilePath)}, tensor '{tensor}', row {row + 1} (byte "
            + $"{header.Offset + (row * header.ByteCount / Math.Max(1, Rows))})");

    public float[] Read(long first, long count)
    {
        ReferenceErrors.Do(() =>
        {
            EmbeddingErrors.CheckSize(count * Dimension, Location(first));
            return true;
        });
        float[] values = new float[count * Dimension];
        ReferenceErrors.Do(() =>
        {
            file.ReadSingles(header, first * Dimension, values);
            return true;
        });
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw ReferenceErrors.Invalid(
                    Location(first + (i / Dimension)), "a value is not finite (NaN or infinity).",
                    "Find out why the encoder gave it, and make the reference again.");
        return values;
    }

    /// <summary>A one-dimensional tensor of integers.</summary>
    public static long[] Integers(SafetensorsFile file, string name)
    {
        SafetensorsTensor found = ReferenceErrors.Do(() => file[name]);
        string location = $"{Path.GetFileName(file.FilePath)}, tensor '{name}'";
        if (found.ByteCount > Limits.LargestEmbedding)
            throw ReferenceErrors.Invalid(
                location,
                FormattableString.Invariant(
                    $"it has {found.ByteCount} bytes, more than {Limits.LargestEmbedding} (the limit LargestEmbedding)."),
                "Write several references.");
        if (found.Shape.Count != 1) throw ReferenceErrors.Invalid(location, "it should be a list of whole numbers.");
        return found.Type switch
        {
            SafetensorsType.I64 => file.Read<long>(name),
            SafetensorsType.I32 => Array.ConvertAll(file.Read<int>(name), value => (long)value),
            SafetensorsType.U8 or SafetensorsType.BOOL => Array.ConvertAll(file.Read<byte>(name), value => (long)value),
            _ => throw ReferenceErrors.Invalid(location, $"it should be a list of whole numbers, and its type is {found.TypeName}."),
        };
    }

    private static SafetensorsTensor Header(SafetensorsFile file, string name)
    {
        SafetensorsTensor found = ReferenceErrors.Do(() => file[name]);
        if (found.Shape.Count != 2 || found.Type.Size() == 0 || found.Shape[1] > int.MaxValue)
        {
            throw ReferenceErrors.Invalid(
                $"{Path.GetFileName(file.FilePath)}, tensor '{name}'",
                $"it should be a matrix of floats, and is {found.TypeName}[{string.Join(", ", found.Shape)}].");
        }

        return found;
    }
}
