using System.Diagnostics.CodeAnalysis;

namespace ColbertOnnx.Native;

/// <summary>Where what travels with the library lies.</summary>
internal static class OwnFolders
{
    /// <summary>
    /// Beside this assembly first: a module's folder is not the folder of the process. A program of one file has only the latter.
    /// </summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is passed over.")]
    public static IEnumerable<string> All() =>
        new[] { Path.GetDirectoryName(typeof(OwnFolders).Assembly.Location), AppContext.BaseDirectory }
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder!)))
            .Distinct();
}
