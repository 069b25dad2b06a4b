using System.Runtime.Intrinsics;

namespace ColbertOnnx.Scoring;

internal readonly struct Simd256 : ISimd<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    public static Vector256<float> Load(ref readonly float source, nuint index) => Vector256.LoadUnsafe(in source, index);

    public static void Store(Vector256<float> vector, ref float target, nuint index) => vector.StoreUnsafe(ref target, index);

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);

    public static void Improve(Vector256<float> value, Vector256<float> number, ref Vector256<float> best, ref Vector256<float> row)
    {
        Vector256<float> greater = Vector256.GreaterThan(value, best);
        best = Vector256.ConditionalSelect(greater, value, best);
        row = Vector256.ConditionalSelect(greater, number, row);
    }
}
