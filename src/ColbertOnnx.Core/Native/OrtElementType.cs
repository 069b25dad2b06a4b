namespace ColbertOnnx.Native;

/// <summary>ONNXTensorElementDataType, as far as an encoder's graph may use it.</summary>
internal enum OrtElementType
{
    Undefined = 0,
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    Float16 = 10,
}
