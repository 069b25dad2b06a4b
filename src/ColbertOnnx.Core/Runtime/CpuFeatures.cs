using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Runtime;

/// <summary>
/// What ONNX Runtime may choose its kernels by: the CPU's model, its features, and what the system lets programs use of them.
/// </summary>
internal static class CpuFeatures
{
    public static string Text { get; } = X86Base.IsSupported ? X86() : Arm();

    private static string X86()
    {
        (int highest, int maker0, int maker2, int maker1) = X86Base.CpuId(0, 0);
        (int model, _, int ecx1, int edx1) = X86Base.CpuId(1, 0); // ebx names the CPU that this thread happens to run on
        (int subleaves, int ebx7, int ecx7, int edx7) = highest >= 7 ? X86Base.CpuId(7, 0) : default;
        (int eax71, _, _, int edx71) = subleaves >= 1 ? X86Base.CpuId(7, 1) : default;
        string system = $"{(Avx.IsSupported ? 1 : 0)}{(Avx2.IsSupported ? 1 : 0)}{(Avx512F.IsSupported ? 1 : 0)}";
        return $"x86 {Hex(maker0, maker1, maker2, model, ecx1, edx1, ebx7, ecx7, edx7, eax71, edx71)} {system}";
    }

    private static string Arm()
    {
        bool[] features = [AdvSimd.IsSupported, Dp.IsSupported, Rdm.IsSupported, Crc32.IsSupported];
        return $"arm {string.Concat(features.Select(f => f ? '1' : '0'))} {string.Join("; ", LinuxLines())}";
    }

    // .NET does not ask for fp16, i8mm, bf16 and their like.
    private static IEnumerable<string> LinuxLines()
    {
        const string File = "/proc/cpuinfo";
        if (!System.IO.File.Exists(File)) return [];
        return System.IO.File.ReadLines(File)
            .Where(line => line.StartsWith("Features", StringComparison.Ordinal)
                || line.StartsWith("CPU implementer", StringComparison.Ordinal) || line.StartsWith("CPU part", StringComparison.Ordinal))
            .Distinct();
    }

    private static string Hex(params ReadOnlySpan<int> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < texts.Length; i++) texts[i] = values[i].ToString("x", CultureInfo.InvariantCulture);
        return string.Join(' ', texts);
    }
}
