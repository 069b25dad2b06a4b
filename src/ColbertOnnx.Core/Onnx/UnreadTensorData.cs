namespace ColbertOnnx.Onnx;

/// <summary>Numbers of a type that only ONNX Runtime reads. A graph may have them; who wants them here gets the error.</summary>
internal sealed class UnreadTensorData(Func<ColbertException> error) : TensorData
{
    public override long ByteCount => throw error();

    public override void CopyTo(Stream target) => throw error();
}
