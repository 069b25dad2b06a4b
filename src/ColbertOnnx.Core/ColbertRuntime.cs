using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx;

/// <summary>ONNX Runtime as this process has it.</summary>
public static class ColbertRuntime
{
    /// <summary>Every provider that has a name here or that the library names. Starts those that seem to be there, which may take a moment.</summary>
    /// <param name="library">A plug-in library for ONNX Runtime, whose providers come first.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.NativeLibraryNotFound"/>, <see cref="ColbertErrorId.InputInvalid"/> and <see cref="ColbertErrorId.ProviderUnavailable"/> (of the plug-in library).
    /// </exception>
    public static IReadOnlyList<ColbertExecutionProvider> GetExecutionProviders(string? library = null) =>
        new ProviderCatalog(OrtProviderHost.Instance).List(library is null ? [] : ProviderRequest.Register(library, OrtProviderHost.Instance));
}
