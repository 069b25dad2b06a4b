using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native;

internal readonly struct Simd256 : ISimd<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static Vector256<float> Load(ref float from, int at) => Vector256.LoadUnsafe(ref from, (nuint)at);

    public static Vector256<float> Load(ref readonly float from, nuint at) => Vector256.LoadUnsafe(in from, at);

    public static void Store(Vector256<float> value, ref float to, int at) => value.StoreUnsafe(ref to, (nuint)at);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);

    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.MinNative(a, b);

    public static Vector256<float> Abs(Vector256<float> a) => Vector256.Abs(a);

    public static Vector256<float> LargerMagnitude(Vector256<float> largest, Vector256<float> value) =>
        Vector256.Max(largest.AsInt32(), Vector256.Abs(value).AsInt32()).AsSingle();

    public static Vector256<float> Larger(Vector256<float> largest, Vector256<float> value) =>
        Vector256.Max(largest.AsInt32(), value.AsInt32()).AsSingle();

    public static Vector256<float> Smaller(Vector256<float> smallest, Vector256<float> value) =>
        Vector256.Max(smallest.AsUInt32(), value.AsUInt32()).AsSingle();

    public static float Sum(Vector256<float> a) => Vector256.Sum(a);

    public static float Largest(Vector256<float> a) => Simd128.Largest(Simd128.LargerMagnitude(a.GetLower(), a.GetUpper()));

    public static float Smallest(Vector256<float> a) => Simd128.Smallest(Simd128.Smaller(a.GetLower(), a.GetUpper()));

    public static void Improve(Vector256<float> value, Vector256<float> number, ref Vector256<float> best, ref Vector256<float> place)
    {
        Vector256<float> greater = Vector256.GreaterThan(value, best);
        best = Vector256.ConditionalSelect(greater, value, best);
        place = Vector256.ConditionalSelect(greater, number, place);
    }

    // Both halves are narrowed each for itself, so that fours of bytes lie crosswise at the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, int zero, ref byte to, int at)
    {
        Vector256<int> zeros = Vector256.Create(zero);
        Vector256<short> low = Avx2.PackSignedSaturate(Whole(a) + zeros, Whole(b) + zeros),
            high = Avx2.PackSignedSaturate(Whole(c) + zeros, Whole(d) + zeros);
        Avx2.PermuteVar8x32(Avx2.PackUnsignedSaturate(low, high).AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte()
            .StoreUnsafe(ref to, (nuint)at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Whole(Vector256<float> a) => Avx.ConvertToVector256Int32(a);
}
