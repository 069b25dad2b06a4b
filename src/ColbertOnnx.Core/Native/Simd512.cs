using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native;

internal readonly struct Simd512 : ISimd<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static Vector512<float> Load(ref float from, int at) => Vector512.LoadUnsafe(ref from, (nuint)at);

    public static Vector512<float> Load(ref readonly float from, nuint at) => Vector512.LoadUnsafe(in from, at);

    public static void Store(Vector512<float> value, ref float to, int at) => value.StoreUnsafe(ref to, (nuint)at);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    public static Vector512<float> Abs(Vector512<float> a) => Vector512.Abs(a);

    public static Vector512<float> LargerMagnitude(Vector512<float> largest, Vector512<float> value) =>
        Vector512.Max(largest.AsInt32(), Vector512.Abs(value).AsInt32()).AsSingle();

    public static Vector512<float> Larger(Vector512<float> largest, Vector512<float> value) =>
        Vector512.Max(largest.AsInt32(), value.AsInt32()).AsSingle();

    public static Vector512<float> Smaller(Vector512<float> smallest, Vector512<float> value) =>
        Vector512.Max(smallest.AsUInt32(), value.AsUInt32()).AsSingle();

    public static float Sum(Vector512<float> a) => Vector512.Sum(a);

    public static float Largest(Vector512<float> a) => Simd256.Largest(Simd256.LargerMagnitude(a.GetLower(), a.GetUpper()));

    public static float Smallest(Vector512<float> a) => Simd256.Smallest(Simd256.Smaller(a.GetLower(), a.GetUpper()));

    public static void Improve(Vector512<float> value, Vector512<float> number, ref Vector512<float> best, ref Vector512<float> place)
    {
        Vector512<float> greater = Vector512.GreaterThan(value, best);
        best = Vector512.ConditionalSelect(greater, value, best);
        place = Vector512.ConditionalSelect(greater, number, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, int zero, ref byte to, int at)
    {
        Vector512<int> zeros = Vector512.Create(zero);
        Bytes(a, zeros).StoreUnsafe(ref to, (nuint)at);
        Bytes(b, zeros).StoreUnsafe(ref to, (nuint)(at + Count));
        Bytes(c, zeros).StoreUnsafe(ref to, (nuint)(at + (2 * Count)));
        Bytes(d, zeros).StoreUnsafe(ref to, (nuint)(at + (3 * Count)));
    }

    // The instruction takes its integers as unsigned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector512<float> a, Vector512<int> zeros) =>
        Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(Avx512F.ConvertToVector512Int32(a) + zeros, Vector512<int>.Zero)
            .AsUInt32());
}
