using System.Runtime.Intrinsics;

namespace ColbertOnnx.Scoring;

internal readonly struct Simd128 : ISimd<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    public static Vector128<float> Load(ref readonly float source, nuint index) => Vector128.LoadUnsafe(in source, index);

    public static void Store(Vector128<float> vector, ref float target, nuint index) => vector.StoreUnsafe(ref target, index);

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    public static void Improve(Vector128<float> value, Vector128<float> number, ref Vector128<float> best, ref Vector128<float> row)
    {
        Vector128<float> greater = Vector128.GreaterThan(value, best);
        best = Vector128.ConditionalSelect(greater, value, best);
        row = Vector128.ConditionalSelect(greater, number, row);
    }
}
