using System.Runtime.Intrinsics;

namespace ColbertOnnx.Scoring;

internal readonly struct Simd512 : ISimd<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    public static Vector512<float> Load(ref readonly float source, nuint index) => Vector512.LoadUnsafe(in source, index);

    public static void Store(Vector512<float> vector, ref float target, nuint index) => vector.StoreUnsafe(ref target, index);

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);

    public static void Improve(Vector512<float> value, Vector512<float> number, ref Vector512<float> best, ref Vector512<float> row)
    {
        Vector512<float> greater = Vector512.GreaterThan(value, best);
        best = Vector512.ConditionalSelect(greater, value, best);
        row = Vector512.ConditionalSelect(greater, number, row);
    }
}
