using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Diagnostics;

/// <summary>The machine of a measurement.</summary>
public sealed record ThroughputEnvironment
{
    /// <summary>The CPU's name.</summary>
    public required string Cpu { get; init; }

    /// <summary>CPUs that the process may use: affinity masks, limits of a container and SLURM_CPUS_PER_TASK count.</summary>
    public required int CpuCount { get; init; }

    /// <summary>Name and version of the operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Architecture of the process, such as X64.</summary>
    public required string Architecture { get; init; }

    /// <summary>.NET, with its version.</summary>
    public required string Framework { get; init; }

    /// <summary>Version of the ONNX Runtime library that ran.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>The execution provider that is assigned most of the graph, by ONNX Runtime's name, as the session reports it.</summary>
    public required string Provider { get; init; }

    /// <summary>Version of this library.</summary>
    public required string ModuleVersion { get; init; }

    /// <summary>
    /// True when both were measured on the same kind of machine: then documents a second can be compared, otherwise only shares.
    /// </summary>
    public bool IsSameMachineAs(ThroughputEnvironment other) => Cpu == other.Cpu && CpuCount == other.CpuCount;

    internal static ThroughputEnvironment Current(string provider) => new()
    {
        Cpu = CpuName.Find(),
        CpuCount = UsableCpus.Count,
        OperatingSystem = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
        Framework = RuntimeInformation.FrameworkDescription,
        OnnxRuntime = OrtLibrary.Loaded.Version,
        Provider = provider,
        ModuleVersion = typeof(ColbertModel).Assembly.GetName().Version!.ToString(3),
    };

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cpu}, {ShownText.Count(CpuCount, "CPU")}; {OperatingSystem}; {Framework}; ONNX Runtime {OnnxRuntime}, "
            + $"{Provider}; ColbertOnnx {ModuleVersion}");
}
