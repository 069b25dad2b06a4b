using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>A row of products whose bytes had a zero point of their own: times its step, plus its shift times the sums of the matrix's columns, a bias, and another row that may be empty.</summary>
internal static class ScaleKernel<S, V>
    where S : struct, ILanes<V>
    where V : struct
{
    /// <summary>The result may be the row itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ReadOnlySpan<float> row, float step, ReadOnlySpan<float> bias, float shift, ReadOnlySpan<float> sums, ReadOnlySpan<float> other, Span<float> result)
    {
        ref float x = ref MemoryMarshal.GetReference(row), b = ref MemoryMarshal.GetReference(bias), c = ref MemoryMarshal.GetReference(sums), o = ref MemoryMarshal.GetReference(other),
            y = ref MemoryMarshal.GetReference(result);
        V steps = S.Create(step), shifts = S.Create(shift);
        int i = 0;
        if (other.IsEmpty)
        {
            for (; i <= row.Length - S.Count; i += S.Count) S.Store(Scaled<S, V>(S.Load(ref x, i), steps, S.Load(ref b, i), shifts, S.Load(ref c, i)), ref y, i);
        }
        else
        {
            for (; i <= row.Length - S.Count; i += S.Count)
                S.Store(S.Add(Scaled<S, V>(S.Load(ref x, i), steps, S.Load(ref b, i), shifts, S.Load(ref c, i)), S.Load(ref o, i)), ref y, i);
        }

        for (; i < row.Length; i++) result[i] = One(row[i], step, bias[i], shift, sums[i]) + (other.IsEmpty ? 0 : other[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W Scaled<L, W>(W x, W step, W bias, W shift, W sum)
        where L : struct, ILanes<W>
        where W : struct => L.MultiplyAdd(x, step, L.MultiplyAdd(sum, shift, bias));

    /// <summary>As a number of a vector, with the same roundings.</summary>
    public static float One(float x, float step, float bias, float shift, float sum) =>
        Scaled<Lanes128, Vector128<float>>(Vector128.CreateScalar(x), Vector128.CreateScalar(step), Vector128.CreateScalar(bias), Vector128.CreateScalar(shift), Vector128.CreateScalar(sum)).ToScalar();
}
