using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Tests.Native.Operators;

/// <summary>The kernels of each width of vectors that this CPU has; the command runs the widest alone.</summary>
internal static class SimdWidths
{
    public static TheoryData<int> All => [512, 256, 128];

    public static void Require(int width) => Assert.SkipWhen(
        (width == 512 && !Vector512.IsHardwareAccelerated) || (width == 256 && !Avx2.IsSupported),
        $"This CPU, or this process, has no vectors of {width} bits.");

    public static float Gelu(
        int width, float[] row, float scale, float[] bias, RowQuantization how, float[] between, byte[] bytes) => width switch
        {
            512 => GeluKernel<Simd512, Vector512<float>>.Run(row, scale, bias, how, between, bytes),
            256 => GeluKernel<Simd256, Vector256<float>>.Run(row, scale, bias, how, between, bytes),
            _ => GeluKernel<Simd128, Vector128<float>>.Run(row, scale, bias, how, between, bytes),
        };

    public static float Gate(
        int width, float[] row, float[] bias, float[] other, float[] otherBias, float scale, RowQuantization how, float[] between,
        byte[] bytes) => width switch
        {
            512 => GeluKernel<Simd512, Vector512<float>>.RunGated(row, bias, other, otherBias, scale, how, between, bytes),
            256 => GeluKernel<Simd256, Vector256<float>>.RunGated(row, bias, other, otherBias, scale, how, between, bytes),
            _ => GeluKernel<Simd128, Vector128<float>>.RunGated(row, bias, other, otherBias, scale, how, between, bytes),
        };

    public static RowScale Range(int width, float[] row, byte[] bytes) => width switch
    {
        512 => RangeKernel<Simd512, Vector512<float>>.Run(row, bytes),
        256 => RangeKernel<Simd256, Vector256<float>>.Run(row, bytes),
        _ => RangeKernel<Simd128, Vector128<float>>.Run(row, bytes),
    };

    public static void Scale(int width, float[] row, float scale, float[] bias, float shift, float[] sums, float[] other, float[] result)
    {
        switch (width)
        {
            case 512: ScaleKernel<Simd512, Vector512<float>>.Run(row, scale, bias, shift, sums, other, result); break;
            case 256: ScaleKernel<Simd256, Vector256<float>>.Run(row, scale, bias, shift, sums, other, result); break;
            default: ScaleKernel<Simd128, Vector128<float>>.Run(row, scale, bias, shift, sums, other, result); break;
        }
    }

    public static RowScale Norm(
        int width, float[] row, float[] weight, float[] bias, NormSettings how, float[] norm, byte[] bytes) => width switch
        {
            512 => NormKernel<Simd512, Vector512<float>>.Run(row, weight, bias, how, norm, bytes),
            256 => NormKernel<Simd256, Vector256<float>>.Run(row, weight, bias, how, norm, bytes),
            _ => NormKernel<Simd128, Vector128<float>>.Run(row, weight, bias, how, norm, bytes),
        };

    public static void Bytes(int width, float[] row, float scale, byte zero, byte[] bytes)
    {
        switch (width)
        {
            case 512: RowBytes<Simd512, Vector512<float>>.Write(row, scale, zero, bytes); break;
            case 256: RowBytes<Simd256, Vector256<float>>.Write(row, scale, zero, bytes); break;
            default: RowBytes<Simd128, Vector128<float>>.Write(row, scale, zero, bytes); break;
        }
    }
}
