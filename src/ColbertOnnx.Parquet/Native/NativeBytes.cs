using ParquetSharp;

namespace ColbertOnnx.Native;

/// <summary>Values that lie in the native library's pages, and stay there only until it reads the next one.</summary>
internal static unsafe class NativeBytes
{
    public static ReadOnlySpan<byte> Of(in ByteArray value) => new((void*)value.Pointer, value.Length);

    /// <summary>Values of two bytes each.</summary>
    public static void CopyHalves(ReadOnlySpan<FixedLenByteArray> values, Span<Half> to)
    {
        for (int i = 0; i < values.Length; i++) to[i] = *(Half*)values[i].Pointer;
    }
}
