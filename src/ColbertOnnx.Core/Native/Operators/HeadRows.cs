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

    /// <summary>Some values of rows, times a factor.</summary>
    /// <param name="row">The first one.</param>
    /// <param name="rows">How many.</param>
    /// <param name="column">The first value.</param>
    /// <param name="count">How many of each row.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="apart">From one row to the next there.</param>
    public void Read(long row, int rows, int column, int count, float factor, float* to, int apart)
    {
        int i = 0, pair = 2 * Vector512<float>.Count;
        for (; i <= count - pair; i += pair)
        {
            if (scales == null) Values(At(row, column + i), rows, factor, to + i, apart);
            else Products(row, rows, column + i, factor, to + i, apart);
        }

        if (i == count) return;
        for (int r = 0; r < rows; r++) Rest(row + r, column + i, count - i, factor, to + (r * apart) + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Values(float* x, int rows, float factor, float* to, int apart)
    {
        Vector512<float> factors = Vector512.Create(factor);
        for (int r = 0; r < rows; r++, x += Columns, to += apart)
        {
            (Vector512.Load(x) * factors).Store(to);
            (Vector512.Load(x + Vector512<float>.Count) * factors).Store(to + Vector512<float>.Count);
        }
    }

    // What belongs to the columns stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Products(long row, int rows, int column, float factor, float* to, int apart)
    {
        int next = Vector512<float>.Count;
        float* x = At(row, column), scale = scales + (2 * row), c = sums + column;
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + next), b0 = default, b1 = default;
        if (bias != null) (b0, b1) = (Vector512.Load(bias + column), Vector512.Load(bias + column + next));
        Vector512<float> factors = Vector512.Create(factor);
        for (int r = 0; r < rows; r++, x += Columns, scale += 2, to += apart)
        {
            Vector512<float> each = Vector512.Create(scale[0]), shift = Vector512.Create(scale[1]);
            Vector512<float> first = Vector512.FusedMultiplyAdd(c0, shift, b0), second = Vector512.FusedMultiplyAdd(c1, shift, b1);
            (Vector512.FusedMultiplyAdd(Vector512.Load(x), each, first) * factors).Store(to);
            (Vector512.FusedMultiplyAdd(Vector512.Load(x + next), each, second) * factors).Store(to + next);
        }
    }

    private void Rest(long row, int column, int count, float factor, float* to)
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
