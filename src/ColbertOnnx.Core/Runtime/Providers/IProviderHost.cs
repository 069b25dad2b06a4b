using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>The machine and the library, as far as providers depend on them: the seam for tests of machines that are not at hand.</summary>
internal interface IProviderHost
{
    /// <summary>ONNX Runtime's version.</summary>
    string Version { get; }

    /// <summary>Full path of ONNX Runtime's library.</summary>
    string LibraryPath { get; }

    /// <summary>linux, win or osx.</summary>
    string System { get; }

    /// <summary>Build number of the system; it matters for Windows alone.</summary>
    int SystemBuild { get; }

    /// <summary>Providers that the library was built with, in its words.</summary>
    IReadOnlyList<string> Built { get; }

    IReadOnlyList<OrtEpDevice> Devices { get; }

    bool FileExists(string path);

    /// <summary>Null when the library loads, otherwise the system's words.</summary>
    string? LoadError(string library);

    /// <summary>Adds a provider to options that are thrown away. Null when that goes, otherwise the library's words.</summary>
    string? AppendError(ProviderUse use, ProviderContext context);

    /// <summary>Loads a plug-in library, once; gives the providers that it brings.</summary>
    /// <exception cref="OrtException">It is none.</exception>
    IReadOnlyList<string> Register(string path);
}
