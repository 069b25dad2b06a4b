namespace ColbertOnnx.Native;

/// <summary>ONNXTensorElementDataType, as far as an encoder's graph and our operators use it.</summary>
internal enum OrtElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
}
