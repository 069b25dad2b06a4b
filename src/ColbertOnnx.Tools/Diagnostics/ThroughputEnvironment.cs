using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Diagnostics;

/// <summary>The machine of a measurement.</summary>
public sealed record ThroughputEnvironment
{
    /// <summary>The CPU's name.</summary>
    public required string Processor { get; init; }

    /// <summary>CPUs that the process may use: affinity masks and limits of a container count.</summary>
    public required int Processors { get; init; }

    /// <summary>Name and version of the operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Architecture of the process, such as X64.</summary>
    public required string Architecture { get; init; }

    /// <summary>.NET, with its version.</summary>
    public required string Framework { get; init; }

    /// <summary>Version of the ONNX Runtime library that ran.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>The execution provider that ran most of the graph, in ONNX Runtime's words, as the session told it.</summary>
    public required string Provider { get; init; }

    /// <summary>Version of this library.</summary>
    public required string ModuleVersion { get; init; }

    /// <summary>
    /// True when both were measured on the same kind of machine: then documents a second can be compared, otherwise only shares.
    /// </summary>
    public bool IsSameMachineAs(ThroughputEnvironment other) => Processor == other.Processor && Processors == other.Processors;

    internal static ThroughputEnvironment Current(string provider) => new()
    {
        Processor = CpuName.Find(),
        Processors = Environment.ProcessorCount,
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
        $"{Processor}, {Processors} CPU{(Processors == 1 ? "" : "s")}; {OperatingSystem}; {Framework}; ONNX Runtime {OnnxRuntime}, "
            + $"{Provider}; ColbertOnnx {ModuleVersion}");
}
