using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native;

internal readonly struct Simd128 : ISimd<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static Vector128<float> Load(ref float from, int at) => Vector128.LoadUnsafe(ref from, (nuint)at);

    public static Vector128<float> Load(ref readonly float from, nuint at) => Vector128.LoadUnsafe(in from, at);

    public static void Store(Vector128<float> value, ref float to, int at) => value.StoreUnsafe(ref to, (nuint)at);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    public static Vector128<float> Abs(Vector128<float> a) => Vector128.Abs(a);

    public static Vector128<float> LargerMagnitude(Vector128<float> largest, Vector128<float> value) =>
        Vector128.Max(largest.AsInt32(), Vector128.Abs(value).AsInt32()).AsSingle();

    public static Vector128<float> Larger(Vector128<float> largest, Vector128<float> value) =>
        Vector128.Max(largest.AsInt32(), value.AsInt32()).AsSingle();

    public static Vector128<float> Smaller(Vector128<float> smallest, Vector128<float> value) =>
        Vector128.Max(smallest.AsUInt32(), value.AsUInt32()).AsSingle();

    public static float Sum(Vector128<float> a) => Vector128.Sum(a);

    public static float Largest(Vector128<float> a)
    {
        a = LargerMagnitude(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return LargerMagnitude(a, Vector128.Shuffle(a, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    public static float Smallest(Vector128<float> a)
    {
        a = Smaller(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Smaller(a, Vector128.Shuffle(a, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    public static void Improve(Vector128<float> value, Vector128<float> number, ref Vector128<float> best, ref Vector128<float> place)
    {
        Vector128<float> greater = Vector128.GreaterThan(value, best);
        best = Vector128.ConditionalSelect(greater, value, best);
        place = Vector128.ConditionalSelect(greater, number, place);
    }

    // Around 0 instead of 128, for which there are instructions everywhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, int zero, ref byte to, int at)
    {
        Vector128<int> zeros = Vector128.Create(zero - 128);
        Vector128<short> low = Vector128.NarrowWithSaturation(Whole(a) + zeros, Whole(b) + zeros),
            high = Vector128.NarrowWithSaturation(Whole(c) + zeros, Whole(d) + zeros);
        (Vector128.NarrowWithSaturation(low, high).AsByte() ^ Vector128.Create((byte)128)).StoreUnsafe(ref to, (nuint)at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Whole(Vector128<float> a) => Sse2.IsSupported ? Sse2.ConvertToVector128Int32(a)
        : AdvSimd.IsSupported ? AdvSimd.ConvertToInt32RoundToEven(a)
        : Vector128.ConvertToInt32Native(Vector128.Round(a));
}
