using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Native;

/// <summary>
/// The loaded library: its version and its table of functions. Loaded once for the process, by absolute path, so that another copy
/// on the search path (System32 has one) cannot take its place; never unloaded, because its threads outlive sessions.
/// </summary>
internal sealed unsafe partial class OrtLibrary
{
    /// <summary>The table asked for: the oldest that has every function this project calls and the operators its graphs use (release 1.24).</summary>
    public const int ApiVersion = 24;

    private static readonly Lazy<OrtLibrary> Lazy = new(() => Load(OrtLibraryLocator.Find()), LazyThreadSafetyMode.PublicationOnly);

    // OrtApi: an array of function pointers, owned by the library.
    private readonly nint* table;

    private OrtLibrary(string path, string version, nint* table)
    {
        Path = path;
        Version = version;
        this.table = table;
    }

    /// <summary>The library; the first use loads it. A failure is not kept: the next use tries again.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>.</exception>
    public static OrtLibrary Loaded => Lazy.Value;

    public string Path { get; }

    /// <summary>The release, such as 1.30.0.</summary>
    public string Version { get; }

    /// <summary>Commit, kind and compiler flags of the build. const char* GetBuildInfoString(void), owned by the library.</summary>
    public string Build => NativeText.Read(((delegate* unmanaged<nint>)table[(int)OrtFunction.GetBuildInfoString])());

    internal static OrtLibrary Load(string path)
    {
        nint library;
        OrtTelemetry.SwitchOff();
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new ColbertException(ColbertErrorId.NativeLibraryNotFound, $"'{path}' could not be loaded: {e.Message}", path,
                $"Check that it is ONNX Runtime for {OrtLibraryLocator.Platform}.", e);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getBase))
        {
            throw new ColbertException(ColbertErrorId.NativeLibraryNotFound, $"'{path}' is not ONNX Runtime: it has no OrtGetApiBase.", path,
                $"Name ONNX Runtime's own library in {OrtLibraryLocator.Variable}.");
        }

        // OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }
        nint* apiBase = ((delegate* unmanaged<nint*>)getBase)();
        string version = NativeText.Read(((delegate* unmanaged<nint>)apiBase[1])());
        CheckVersion(version, path);
        nint* table = ((delegate* unmanaged<uint, nint*>)apiBase[0])(ApiVersion);
        return table != null ? new OrtLibrary(path, version, table) : throw TooOld(version, path);
    }

    /// <summary>Refuses a library that lacks functions; asked for the table, an old one would print to the console.</summary>
    internal static void CheckVersion(string version, string path)
    {
        string[] parts = version.Split('.');
        if (parts.Length < 2 || !TryNumber(parts[0], out int major) || !TryNumber(parts[1], out int minor)
            || major < 1 || (major == 1 && minor < ApiVersion))
        {
            throw TooOld(version, path);
        }
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ColbertException TooOld(string version, string path) =>
        new(ColbertErrorId.NativeLibraryNotFound, $"'{path}' is ONNX Runtime {version}; 1.{ApiVersion} or later is needed.", path,
            $"Remove {OrtLibraryLocator.Variable} or let it name a newer ONNX Runtime.");

    /// <summary>Turns a status into an exception and gives it back.</summary>
    private void Check(nint status)
    {
        if (status == 0) return;
        int code = ((delegate* unmanaged<nint, int>)table[(int)OrtFunction.GetErrorCode])(status);
        string message = NativeText.Read(((delegate* unmanaged<nint, nint>)table[(int)OrtFunction.GetErrorMessage])(status));
        Release(OrtFunction.ReleaseStatus, status);
        throw new OrtException((OrtErrorCode)code, message);
    }

    /// <summary>void Release*(T*): every release function has this one shape.</summary>
    public void Release(OrtFunction function, nint pointer) => ((delegate* unmanaged<nint, void>)table[(int)function])(pointer);
}
