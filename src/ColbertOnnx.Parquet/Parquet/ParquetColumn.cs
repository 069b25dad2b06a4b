using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>A leaf of a file's schema.</summary>
internal sealed class ParquetColumn
{
    public ParquetColumn(int index, ColumnDescriptor column)
    {
        Index = index;
        Physical = column.PhysicalType;
        using LogicalType logical = column.LogicalType;
        Logical = logical.Type;
        IsSigned = logical is not IntLogicalType whole || whole.IsSigned;
        TypeLength = Physical == PhysicalType.FixedLenByteArray ? column.TypeLength : 0;
        Levels = new ColumnLevels(column);
        using ParquetSharp.Schema.ColumnPath path = column.Path;
        Path = path.ToDotString();
        Root = path.ToDotVector()[0];
    }

    public int Index { get; }

    public PhysicalType Physical { get; }

    public LogicalTypeEnum Logical { get; }

    public bool IsSigned { get; }

    public int TypeLength { get; }

    public ColumnLevels Levels { get; }

    /// <summary>With what lies between it and the root: "embedding.list.element.list.element".</summary>
    public string Path { get; }

    /// <summary>Name of the column of the table.</summary>
    public string Root { get; }

    /// <summary>What people call it: members of a struct have names of their own, what is in a list has none.</summary>
    public string Shown => Levels.Depth == 0 ? Path : Root;

    /// <summary>Strings, however they are encoded; bytes that nothing says more about are read as UTF-8.</summary>
    public bool IsText =>
        Levels.Depth == 0 && Physical == PhysicalType.ByteArray
            && Logical is LogicalTypeEnum.String or LogicalTypeEnum.None or LogicalTypeEnum.Enum or LogicalTypeEnum.Json;

    public bool IsWhole => Physical is PhysicalType.Int32 or PhysicalType.Int64 && Logical is LogicalTypeEnum.Int or LogicalTypeEnum.None;

    public bool IsHalf => Physical == PhysicalType.FixedLenByteArray && Logical == LogicalTypeEnum.Float16 && TypeLength == 2;

    public bool IsNumeric => Physical is PhysicalType.Float or PhysicalType.Double || IsHalf || IsWhole;

    /// <summary>What it holds, for errors.</summary>
    public string Holds
    {
        get
        {
            string element = IsHalf ? "float16" : Physical switch
            {
                PhysicalType.ByteArray => Logical == LogicalTypeEnum.String ? "strings" : $"bytes ({Logical})",
                PhysicalType.Float => "float32",
                PhysicalType.Double => "float64",
                _ when IsWhole => "whole numbers",
                _ => Logical == LogicalTypeEnum.None ? Physical.ToString() : Logical.ToString(),
            };
            return string.Concat(Enumerable.Repeat("lists of ", Levels.Depth)) + element;
        }
    }
}
