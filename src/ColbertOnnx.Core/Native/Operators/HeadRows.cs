using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// Queries, keys, values or results of a call: rows of all texts end to end, the elements of each head beside each other. They are
/// values, or products of INT8 rows as <see cref="ScaledRows"/> has them, with the same bits as from <see cref="ScaleKernel{S, V}"/>.
/// </summary>
internal readonly unsafe struct HeadRows
{
    /// <summary>Elements of a row.</summary>
    public readonly int Width;
    private readonly float* data, steps, bias, sums;

    public HeadRows(float* data, int width)
    {
        this.data = data;
        Width = width;
    }

    /// <param name="data">Products.</param>
    /// <param name="width">Of a row.</param>
    /// <param name="steps">Of each row its step and its shift.</param>
    /// <param name="bias">Of each column; null: none.</param>
    /// <param name="sums">Of each column of the matrix.</param>
    public HeadRows(float* data, int width, float* steps, float* bias, float* sums)
        : this(data, width)
    {
        this.steps = steps;
        this.bias = bias;
        this.sums = sums;
    }

    /// <summary>They are products.</summary>
    public bool IsScaled => steps != null;

    /// <summary>Where values stand; those of products must be read.</summary>
    public float* At(long row, int column) => data + (row * Width) + column;

    /// <summary>Some values of a row, times a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(long row, int column, int count, float factor, float* to)
    {
        float* x = At(row, column);
        Vector512<float> factors = Vector512.Create(factor);
        int i = 0, last = count - Vector512<float>.Count;
        if (steps == null)
        {
            for (; i <= last; i += Vector512<float>.Count) (Vector512.Load(x + i) * factors).Store(to + i);
            for (; i < count; i++) to[i] = x[i] * factor;
            return;
        }

        float step = steps[2 * row], shift = steps[(2 * row) + 1];
        float* c = sums + column, b = bias == null ? null : bias + column;
        Vector512<float> each = Vector512.Create(step), shifts = Vector512.Create(shift);
        for (; i <= last; i += Vector512<float>.Count)
        {
            Vector512<float> added = Vector512.FusedMultiplyAdd(Vector512.Load(c + i), shifts, b == null ? default : Vector512.Load(b + i));
            (Vector512.FusedMultiplyAdd(Vector512.Load(x + i), each, added) * factors).Store(to + i);
        }

        for (; i < count; i++)
            to[i] = MathF.FusedMultiplyAdd(x[i], step, MathF.FusedMultiplyAdd(c[i], shift, b == null ? 0 : b[i])) * factor;
    }
}
