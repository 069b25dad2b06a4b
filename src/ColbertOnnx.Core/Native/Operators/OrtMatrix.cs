namespace ColbertOnnx.Native.Operators;

/// <summary>Numbers of a running operator, in memory of the library, valid for the call: all sides but the last are rows.</summary>
internal readonly unsafe ref struct OrtMatrix(void* data, int rows, int columns)
{
    public int Rows => rows;

    public int Columns => columns;

    public int Count => rows * columns;

    /// <summary>False: an input that is left out.</summary>
    public bool IsThere => data != null;

    public Span<T> All<T>()
        where T : unmanaged => new(data, Count);

    public Span<T> Row<T>(int row)
        where T : unmanaged => new((T*)data + ((long)row * columns), columns);
}
