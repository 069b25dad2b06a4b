using ColbertOnnx.Onnx;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Export;

/// <summary>One tensor of a checkpoint, widened to float32 whatever it is stored as (docs/semantics.md, rule 16).</summary>
internal sealed class Weight(IReadOnlyList<long> shape, Weight.Reader read)
{
    public Weight(SafetensorsFile file, SafetensorsTensor tensor)
        : this(tensor.Shape, (first, target) => file.ReadSingles(tensor, first, target))
    {
    }

    /// <summary>Fills the target with the elements from <paramref name="first"/> on.</summary>
    public delegate void Reader(long first, Span<float> target);

    public IReadOnlyList<long> Shape { get; } = shape;

    public long Count { get; } = shape.Aggregate(1L, (product, dimension) => product * dimension);

    public void Read(long first, Span<float> target) => read(first, target);

    /// <summary>The same elements in memory, for weights whose file is closed before the graph is written.</summary>
    public Weight Kept() => Of(Shape, ToArray());

    public static Weight Of(IReadOnlyList<long> shape, float[] values) =>
        new(shape, (first, target) => values.AsSpan((int)first, target.Length).CopyTo(target));

    /// <summary>Some of a matrix's rows, where several matrices are stored as one.</summary>
    public Weight Rows(int first, int count)
    {
        long columns = Shape.Count == 1 ? 1 : Shape[1];
        return new([count, .. Shape.Skip(1)], (at, target) => read((first * columns) + at, target));
    }

    public float[] ToArray()
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Count));
        Read(0, values);
        return values;
    }

    public TensorData AsIs() => new WeightData(this);

    /// <summary>A matrix transposed: linear layers are stored [out, in], and MatMul wants [in, out].</summary>
    public TensorData Transposed() => new ComputedTensorData(Count * sizeof(float), () =>
    {
        int rows = (int)Shape[0], columns = (int)Shape[1];
        return Matrices.Transpose(ToArray(), rows, columns);
    });
}
