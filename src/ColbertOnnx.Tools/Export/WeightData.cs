using System.Runtime.InteropServices;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>A weight as it lies in its file, read in pieces: embedding matrices are larger than all else.</summary>
internal sealed class WeightData(Weight weight) : TensorData
{
    private const int Piece = 64 * 1024;

    public override long ByteCount => weight.Count * sizeof(float);

    public override void CopyTo(Stream target)
    {
        float[] piece = new float[(int)Math.Min(Piece, weight.Count)];
        for (long done = 0; done < weight.Count; done += piece.Length)
        {
            Span<float> part = piece.AsSpan(0, (int)Math.Min(piece.Length, weight.Count - done));
            weight.Read(done, part);
            target.Write(MemoryMarshal.AsBytes(part));
        }
    }
}
