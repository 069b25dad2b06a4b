using System.Text.Json;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Tests;

/// <summary>PyLate's answers for one checkpoint of tests/data/pylate.</summary>
internal sealed class ReferenceCase : IDisposable
{
    private readonly JsonDocument json;
    private readonly SafetensorsFile? tensors;

    private ReferenceCase(string name)
    {
        Name = name;
        json = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("pylate", name, "reference.json")));
        // Cases with the same answers share them.
        string answers = DataFolder.Case("pylate", name).TryGetProperty("answers", out JsonElement other) ? other.GetString()! : name;
        string path = TestData.Path("pylate", answers, "reference.safetensors");
        tensors = File.Exists(path) ? SafetensorsFile.Open(path) : null;
        Texts = [.. Root.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        Runs = [.. Root.GetProperty("runs").EnumerateArray().Select(run => new ReferenceRun(this, run))];
    }

    /// <summary>The cases that have an ONNX folder.</summary>
    public static IReadOnlyList<string> OnnxNames { get; } =
        [
            .. Directory.EnumerateDirectories(TestData.Path("onnx")).Select(folder => Path.GetFileName(folder)!)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>All 125 cases.</summary>
    public static IReadOnlyList<string> AllNames { get; } =
        [
            .. Directory.EnumerateDirectories(TestData.Path("pylate")).Select(folder => Path.GetFileName(folder)!)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// Those in PyLate's and Stanford's layouts; the others, st6-*, are in the layout and by the rules of sentence-transformers 6.
    /// </summary>
    public static IReadOnlyList<string> PylateNames { get; } =
    [
        .. AllNames.Where(name => !name.StartsWith("st6-", StringComparison.Ordinal)),
    ];

    public static ReferenceCase Load(string name) => new(name);

    public string Name { get; }

    /// <summary>The exported folder of the same name.</summary>
    public string OnnxFolder => TestData.Path("onnx", Name);

    /// <summary>The whole checkpoint, laid out in a temporary folder.</summary>
    public string Checkpoint => CheckpointFolder.Of(Name);

    public JsonElement Root => json.RootElement;

    /// <summary>What PyLate ended up with after loading.</summary>
    public JsonElement Settings => Root.GetProperty("settings");

    public IReadOnlyList<string> Texts { get; }

    public IReadOnlyList<ReferenceRun> Runs { get; }

    public ReferenceRun this[string run] => Runs.Single(r => r.Name == run);

    internal SafetensorsFile Tensors => tensors ?? throw new InvalidOperationException($"{Name} has no tensors.");

    public void Dispose()
    {
        tensors?.Dispose();
        json.Dispose();
    }
}
