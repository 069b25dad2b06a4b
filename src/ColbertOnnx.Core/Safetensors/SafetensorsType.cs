namespace ColbertOnnx.Safetensors;

/// <summary>Element types, in the format's own words.</summary>
internal enum SafetensorsType
{
    /// <summary>A type that this reader has no use for; its tensors are listed and cannot be read.</summary>
    Other,
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BOOL,
}

internal static class SafetensorsTypes
{
    public static SafetensorsType Parse(string name) =>
        Enum.TryParse(name, out SafetensorsType type) && type.ToString() == name ? type : SafetensorsType.Other;

    /// <summary>Bytes of one element; 0 for <see cref="SafetensorsType.Other"/>.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 or SafetensorsType.U32 => 4,
        SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.I16 or SafetensorsType.U16 => 2,
        SafetensorsType.I8 or SafetensorsType.U8 or SafetensorsType.BOOL => 1,
        _ => 0,
    };
}
