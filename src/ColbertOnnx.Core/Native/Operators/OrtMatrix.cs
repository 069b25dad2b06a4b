namespace ColbertOnnx.Native.Operators;

/// <summary>
/// View over an input or output of a running kernel, owned by ONNX Runtime and valid for the call; leading dimensions are flattened into
/// rows.
/// </summary>
internal readonly unsafe ref struct OrtMatrix(void* data, int rows, int columns)
{
    public int Rows => rows;

    public int Columns => columns;

    public int Count => rows * columns;

    public void* Data => data;

    /// <summary>False: an input that is left out.</summary>
    public bool IsThere => data != null;

    /// <summary>It is left out, or has so many elements.</summary>
    public bool IsNoneOr(int count) => !IsThere || Count == count;

    public Span<T> All<T>()
        where T : unmanaged => new(data, Count);

    public Span<T> Row<T>(int row)
        where T : unmanaged => new((T*)data + ((long)row * columns), columns);
}
