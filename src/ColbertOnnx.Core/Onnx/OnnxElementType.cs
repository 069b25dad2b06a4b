namespace ColbertOnnx.Onnx;

/// <summary>Element types by the format's numbers (TensorProto.DataType).</summary>
internal enum OnnxElementType
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
}
