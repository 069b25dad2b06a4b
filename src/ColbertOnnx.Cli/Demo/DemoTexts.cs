using System.Text.Json;
using System.Text.Json.Serialization;

namespace ColbertOnnx.Cli.Demo;

/// <summary>The bundled question and its texts.</summary>
internal sealed partial record DemoTexts(string Question, string[] Texts)
{
    public static DemoTexts Read()
    {
        using Stream stream = typeof(DemoTexts).Assembly.GetManifestResourceStream("demo.json")!;
        return JsonSerializer.Deserialize(stream, Context.Default.DemoTexts)!;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(DemoTexts))]
    private sealed partial class Context : JsonSerializerContext;
}
