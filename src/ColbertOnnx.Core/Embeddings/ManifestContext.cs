using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ColbertOnnx.Embeddings;

/// <summary>Manifests as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunManifest))]
internal sealed partial class ManifestContext : JsonSerializerContext
{
    private static ManifestContext? written;

    /// <summary>In lines, and with signs as they are: people read it.</summary>
    public static ManifestContext Written =>
        written ??= new(new JsonSerializerOptions(Default.Options)
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
