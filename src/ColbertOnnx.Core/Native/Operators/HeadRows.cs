using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// Queries, keys, values or results of a <c>Run</c>: rows of all texts end to end, the elements of each head beside each other. They are
/// values, or products of INT8 rows as <see cref="ScaledRows"/> has them, with the same bits as from <see cref="ScaleKernel{S, V}"/>.
/// </summary>
internal readonly unsafe struct HeadRows
{
    /// <summary>Elements of a row.</summary>
    public readonly int Columns;
    private readonly float* data, scales, bias, sums;

    public HeadRows(float* data, int columns)
    {
        this.data = data;
        Columns = columns;
    }

    /// <param name="data">Products.</param>
    /// <param name="columns">Of a row.</param>
    /// <param name="scales">Of each row its scale and its shift.</param>
    /// <param name="bias">Of each column; null: none.</param>
    /// <param name="sums">Of each column of the matrix.</param>
    public HeadRows(float* data, int columns, float* scales, float* bias, float* sums)
        : this(data, columns)
    {
        this.scales = scales;
        this.bias = bias;
        this.sums = sums;
    }

    /// <summary>They are products.</summary>
    public bool IsScaled => scales != null;

    /// <summary>Where values stand; those of products must be read.</summary>
    public float* At(long row, int column) => data + (row * Columns) + column;

    /// <summary>Some values of a row, times a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(long row, int column, int count, float factor, float* to)
    {
        float* x = At(row, column);
        Vector512<float> factors = Vector512.Create(factor);
        int i = 0, last = count - Vector512<float>.Count;
        if (scales == null)
        {
            for (; i <= last; i += Vector512<float>.Count) (Vector512.Load(x + i) * factors).Store(to + i);
            for (; i < count; i++) to[i] = x[i] * factor;
            return;
        }

        float scale = scales[2 * row], shift = scales[(2 * row) + 1];
        float* c = sums + column, b = bias == null ? null : bias + column;
        Vector512<float> each = Vector512.Create(scale), shifts = Vector512.Create(shift);
        for (; i <= last; i += Vector512<float>.Count)
        {
            Vector512<float> added = Vector512.FusedMultiplyAdd(Vector512.Load(c + i), shifts, b == null ? default : Vector512.Load(b + i));
            (Vector512.FusedMultiplyAdd(Vector512.Load(x + i), each, added) * factors).Store(to + i);
        }

        for (; i < count; i++)
            to[i] = MathF.FusedMultiplyAdd(x[i], scale, MathF.FusedMultiplyAdd(c[i], shift, b == null ? 0 : b[i])) * factor;
    }
}
