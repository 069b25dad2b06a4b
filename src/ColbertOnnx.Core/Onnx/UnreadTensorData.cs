namespace ColbertOnnx.Onnx;

/// <summary>Elements of a type that only ONNX Runtime reads. A graph may have them; reading them here is an error.</summary>
internal sealed class UnreadTensorData(Func<ColbertException> error) : TensorData
{
    public override long ByteCount => throw error();

    public override void CopyTo(Stream target) => throw error();
}
