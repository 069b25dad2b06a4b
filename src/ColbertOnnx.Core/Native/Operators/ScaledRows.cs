namespace ColbertOnnx.Native.Operators;

/// <summary>
/// What ScaleRows and NormRows read: x float [rows, columns], scales [rows, 1], bias [columns] or none, other [rows, columns] or none, sums
/// [columns] or none. With sums, which are those of the matrix's columns, the scales are [rows, 2]: each row of bytes had a zero point of
/// its own. The other may have more dimensions, or one row for all, or many for the one of x: they are broadcast as Add does it.
/// </summary>
internal readonly ref struct ScaledRows
{
    private readonly OrtMatrix values, scales, bias, other, sums;
    private readonly int rows, othersRows;

    private ScaledRows(OrtMatrix values, OrtMatrix scales, OrtMatrix bias, OrtMatrix other, OrtMatrix sums, Span<long> dimensions)
    {
        this.values = values;
        this.scales = scales;
        this.bias = bias;
        this.other = other;
        this.sums = sums;
        othersRows = (int)dimensions[^2];
        if (othersRows == 1) dimensions[^2] = values.Rows;
        rows = (int)dimensions[^2]; // of each matrix, where the other has more dimensions
        Dimensions = dimensions;
    }

    /// <summary>Of the sum.</summary>
    public ReadOnlySpan<long> Dimensions { get; }

    public int Columns => values.Columns;

    public bool HasSums => sums.IsThere;

    public ReadOnlySpan<float> Bias => bias.All<float>();

    public ReadOnlySpan<float> Sums => sums.All<float>();

    /// <param name="library">The library that calls.</param>
    /// <param name="context">The call.</param>
    /// <param name="first">The input of the bias; the other and the sums follow.</param>
    /// <param name="dimensions">Memory for as many as a matrix may have.</param>
    /// <param name="refusal">What is said where they do not fit.</param>
    /// <param name="read">What was read.</param>
    public static nint Read(
        OrtLibrary library, nint context, int first, Span<long> dimensions, ReadOnlySpan<byte> refusal, out ScaledRows read)
    {
        read = default;
        nint status = library.GetInput(context, 0, out OrtMatrix values);
        if (status != 0) return status;
        if ((status = library.GetInput(context, 1, out OrtMatrix scales)) != 0) return status;
        if ((status = library.GetInput(context, first, out OrtMatrix bias)) != 0) return status;
        if ((status = library.GetInput(context, first + 1, dimensions, out int rank, out OrtMatrix other)) != 0) return status;
        if ((status = library.GetInput(context, first + 2, out OrtMatrix sums)) != 0) return status;
        if (rank < 2) (dimensions[0], dimensions[1], rank) = (other.IsThere ? 1 : values.Rows, values.Columns, 2);
        long others = dimensions[rank - 2];
        if (scales.Count != values.Rows * (sums.IsThere ? 2 : 1) || !bias.IsNoneOr(values.Columns) || !sums.IsNoneOr(values.Columns)
            || (other.IsThere && (other.Columns != values.Columns || (others != values.Rows && others != 1 && values.Rows != 1))))
            return library.Refuse(refusal);
        read = new ScaledRows(values, scales, bias, other, sums, dimensions[..rank]);
        return 0;
    }

    /// <summary>A row that is there, or zeros.</summary>
    public static ReadOnlySpan<float> Or(ReadOnlySpan<float> row, ReadOnlySpan<float> zeros) => row.IsEmpty ? zeros : row;

    public ReadOnlySpan<float> Row(int i) => values.Row<float>(At(i));

    /// <summary>The other row of a sum; empty where there is none.</summary>
    public ReadOnlySpan<float> Other(int i) => other.IsThere ? other.Row<float>(othersRows == 1 ? i / rows : i) : [];

    public float Scale(int i) => scales.All<float>()[sums.IsThere ? 2 * At(i) : At(i)];

    public float Shift(int i) => sums.IsThere ? scales.All<float>()[(2 * At(i)) + 1] : 0;

    private int At(int i) => values.Rows == 1 ? 0 : i % rows;
}
