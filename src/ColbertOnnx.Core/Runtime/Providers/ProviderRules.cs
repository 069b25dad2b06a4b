using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>What is known of one execution provider: names, needs, options, and how a model is run on it.</summary>
internal class ProviderRules
{
    /// <summary>As users write it.</summary>
    public required string Name { get; init; }

    /// <summary>As ONNX Runtime calls it.</summary>
    public required string OnnxRuntimeName { get; init; }

    public ProviderRoute Route { get; init; }

    /// <summary>The name that <see cref="ProviderRoute.Generic"/> takes.</summary>
    public string ShortName { get; init; } = "";

    /// <summary>Systems that it exists for: linux, win, osx.</summary>
    public IReadOnlyList<string> Systems { get; init; } = ["linux", "win", "osx"];

    /// <summary>The smallest build number of Windows; 0: any.</summary>
    public int WindowsBuild { get; init; }

    /// <summary>Libraries that hold its code and must lie beside ONNX Runtime's, without prefix and extension.</summary>
    public IReadOnlyList<string> Libraries { get; init; } = [];

    /// <summary>A library of the system that must load, by system; none named: nothing to check.</summary>
    public IReadOnlyDictionary<string, string> Drivers { get; init; } = new Dictionary<string, string>();

    /// <summary>What the driver is, for the message.</summary>
    public string DriverName { get; init; } = "";

    /// <summary>What to do where it is not available.</summary>
    public string Install { get; init; } = "";

    /// <summary>What to do where ONNX Runtime is built without it; null: what <see cref="Install"/> says.</summary>
    public string? InstallBuild { get; init; }

    /// <summary>Options that ONNX Runtime documents; null: unknown here, so what no other provider knows goes through.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    public BatchPolicy Batches { get; init; } = BatchPolicy.Cpu;

    /// <summary>Batches that may run in a session at once; null: as many as there are lanes.</summary>
    public int? RunsAtOnce { get; init; }

    /// <summary>Options that are set unless the user sets them.</summary>
    public virtual IReadOnlyDictionary<string, string> Defaults(ProviderContext context) => new Dictionary<string, string>();

    public bool IsNamed(string name) =>
        string.Equals(name, Name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(name, OnnxRuntimeName, StringComparison.OrdinalIgnoreCase);

    /// <summary>It is documented for this provider.</summary>
    public bool Knows(string option) => Options?.Contains(option, StringComparer.Ordinal) ?? false;

    /// <summary>It may be given to this provider.</summary>
    public bool Takes(string option) => Options is null || Knows(option);

    public override string ToString() => Name;
}
