using ColbertOnnx.Native;

namespace ColbertOnnx.Modeling;

/// <summary>The model that travels with the library.</summary>
internal static class EmbeddedModel
{
    public const string Name = "minilm-l6-colbert-96";

    /// <summary>Its folder: beside this assembly, which in a module is not the folder of the process, or beside that folder.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelNotFound"/>.</exception>
    public static string Find()
    {
        string[] folders =
        [
            .. OwnFolders.All()
                .SelectMany(folder =>
                    new[] { Path.Combine(folder, "models", Name), Path.GetFullPath(Path.Combine(folder, "..", "models", Name)) }),
        ];
        return Array.Find(folders, Directory.Exists) ?? throw new ColbertException(
            ColbertErrorId.ModelNotFound, $"The embedded model '{Name}' is not beside the library.", folders[0],
            "Install again, or name a model folder.");
    }
}
