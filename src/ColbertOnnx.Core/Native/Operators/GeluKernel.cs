using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// GELU by tanh, to the bit as ONNX Runtime's FastGelu has it on CPUs with fused multiply-adds from Intel and AMD: plain arithmetic around
/// a tanh that is a quotient of two polynomials (Eigen's coefficients) of fused steps. How it is compiled for others is not known here.
/// </summary>
internal static class GeluKernel
{
    private const float Inner = 0.7978845608028654f, Cubic = 0.035677408136300125f; // sqrt(2 / pi), and 0.044715 times that
    private const float Saturated = 9;

    public static bool IsExact => Fma.IsSupported;

    /// <summary>GELU of a row of products times their step, plus a bias; gives the largest. Stands for Mul, FastGelu, ReduceMax.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run(ReadOnlySpan<float> row, float step, ReadOnlySpan<float> bias, Span<float> result)
    {
        ref float x = ref MemoryMarshal.GetReference(row), b = ref MemoryMarshal.GetReference(bias), y = ref MemoryMarshal.GetReference(result);
        Vector<float> most = new(float.NegativeInfinity);
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Gelu((Vector.LoadUnsafe(ref x, (nuint)i) * new Vector<float>(step)) + Vector.LoadUnsafe(ref b, (nuint)i));
            value.StoreUnsafe(ref y, (nuint)i);
            most = Vector.Max(most, value); // not the CPU's own, which may pass over NaN
        }

        float largest = RowKernels.Largest(most);
        for (; i < row.Length; i++)
        {
            result[i] = Gelu(new Vector<float>((row[i] * step) + bias[i]))[0];
            largest = Math.Max(largest, result[i]);
        }

        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Gelu(Vector<float> value) =>
        (value * new Vector<float>(0.5f)) * (Tanh(value * ((new Vector<float>(Cubic) * value * value) + new Vector<float>(Inner))) + Vector<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Tanh(Vector<float> value)
    {
        Vector<float> x = Vector.MinNative(Vector.MaxNative(value, new Vector<float>(-Saturated)), new Vector<float>(Saturated)), square = x * x;
        Vector<float> p = Vector.FusedMultiplyAdd(square, new Vector<float>(-2.76076847742355e-16f), new Vector<float>(2.00018790482477e-13f));
        p = Vector.FusedMultiplyAdd(p, square, new Vector<float>(-8.60467152213735e-11f));
        p = Vector.FusedMultiplyAdd(p, square, new Vector<float>(5.12229709037114e-08f));
        p = Vector.FusedMultiplyAdd(p, square, new Vector<float>(1.48572235717979e-05f));
        p = Vector.FusedMultiplyAdd(p, square, new Vector<float>(6.37261928875436e-04f));
        p = Vector.FusedMultiplyAdd(p, square, new Vector<float>(4.89352455891786e-03f));
        Vector<float> q = Vector.FusedMultiplyAdd(square, new Vector<float>(1.19825839466702e-06f), new Vector<float>(1.18534705686654e-04f));
        q = Vector.FusedMultiplyAdd(q, square, new Vector<float>(2.26843463243900e-03f));
        q = Vector.FusedMultiplyAdd(q, square, new Vector<float>(4.89352518554385e-03f));
        return p * x / q;
    }
}
