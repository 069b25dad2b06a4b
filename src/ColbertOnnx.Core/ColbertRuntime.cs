using ColbertOnnx.IO;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx;

/// <summary>ONNX Runtime as this process has it.</summary>
public static class ColbertRuntime
{
    /// <summary>
    /// The names by which <see cref="ColbertModelOptions.ExecutionProviders"/> knows providers, whether this machine has them or not.
    /// Starts nothing.
    /// </summary>
    public static IReadOnlyList<string> ProviderNames { get; } = [.. ProviderTable.All.Select(provider => provider.Name)];

    /// <summary>
    /// Every provider that has a name here or that the library names. Starts those that seem to be there, which may take a moment.
    /// </summary>
    /// <param name="library">A plug-in library for ONNX Runtime, whose providers come first.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.NativeLibraryNotFound"/>, <see cref="ColbertErrorId.InputInvalid"/> and
    /// <see cref="ColbertErrorId.ProviderUnavailable"/> (of the plug-in library).
    /// </exception>
    public static IReadOnlyList<ColbertExecutionProvider> GetExecutionProviders(string? library = null) =>
        new ProviderCatalog(OrtProviderHost.Instance).List(library is null
            ? []
            : ProviderRequest.Register(library, OrtProviderHost.Instance));

    /// <summary>
    /// Takes away all files and folders of this process that are not complete yet: for a program that must end at once, without disposing
    /// of what writes them.
    /// </summary>
    public static void DeleteIncomplete() => StagingName.DeleteAll();
}
