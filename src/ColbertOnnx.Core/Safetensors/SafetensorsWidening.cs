using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Safetensors;

/// <summary>Stored elements as float32. The format is little-endian, and so is every platform that ONNX Runtime is built for.</summary>
internal static class SafetensorsWidening
{
    public static void Widen(SafetensorsType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case SafetensorsType.F16:
                Each<Half>(source, destination, value => (float)value);
                break;
            case SafetensorsType.BF16:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] =
                        BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(source[(i * 2)..]) << 16);
                break;
            case SafetensorsType.F64:
                Each<double>(source, destination, value => (float)value);
                break;
            case SafetensorsType.F32:
                Each<float>(source, destination, value => value);
                break;
            case SafetensorsType.I64:
                Each<long>(source, destination, value => value);
                break;
            case SafetensorsType.I32:
                Each<int>(source, destination, value => value);
                break;
            case SafetensorsType.I16:
                Each<short>(source, destination, value => value);
                break;
            case SafetensorsType.I8:
                Each<sbyte>(source, destination, value => value);
                break;
            case SafetensorsType.U64:
                Each<ulong>(source, destination, value => value);
                break;
            case SafetensorsType.U32:
                Each<uint>(source, destination, value => value);
                break;
            case SafetensorsType.U16:
                Each<ushort>(source, destination, value => value);
                break;
            case SafetensorsType.U8:
                Each<byte>(source, destination, value => value);
                break;
            case SafetensorsType.BOOL:
                Each<byte>(source, destination, value => value == 0 ? 0 : 1);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type.");
        }
    }

    /// <summary>The first of these F64 elements that is a number, and none in float32 any more; -1: there is none.</summary>
    public static int IndexOfTooLarge(ReadOnlySpan<byte> source, ReadOnlySpan<float> widened)
    {
        int at = widened.IndexOfAny(float.PositiveInfinity, float.NegativeInfinity);
        if (at < 0) return -1;
        ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(source);
        for (; at < widened.Length; at++)
            if (float.IsInfinity(widened[at]) && !double.IsInfinity(values[at])) return at;
        return -1;
    }

    private static void Each<T>(ReadOnlySpan<byte> source, Span<float> destination, Func<T, float> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(source);
        for (int i = 0; i < destination.Length; i++) destination[i] = convert(values[i]);
    }
}
