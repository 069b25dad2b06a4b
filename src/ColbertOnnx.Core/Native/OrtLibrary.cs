using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>
/// The loaded library: its version, and of its table of functions those that Microsoft.ML.OnnxRuntime does not have. Loaded once for the
/// process, by absolute path, so that another copy on the search path (System32 has one) cannot take its place; never unloaded, because its
/// threads outlive sessions.
/// </summary>
internal sealed unsafe partial class OrtLibrary
{
    /// <summary>
    /// The table asked for: the oldest that has every function of <see cref="OrtFunction"/>. The least release of the library is the
    /// managed API's.
    /// </summary>
    public const int ApiVersion = 24;

    private static readonly Lock Gate = new();
    private static volatile OrtLibrary? loaded;

    // OrtApi: an array of function pointers, owned by the library.
    private readonly nint* table;

    private OrtLibrary(string path, string version, nint* table)
    {
        Path = path;
        Version = version;
        this.table = table;
    }

    /// <summary>
    /// The library; the first use loads it and hands it to the managed API. A failure is not kept: the next use tries again.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>.</exception>
    public static OrtLibrary Loaded => loaded ?? LoadOnce();

    public string Path { get; }

    /// <summary>The release, such as 1.30.0.</summary>
    public string Version { get; }

    /// <summary>Commit, kind and compiler flags of the build. const char* GetBuildInfoString(void), owned by the library.</summary>
    public string Build => NativeText.Read(((delegate* unmanaged<nint>)table[(int)OrtFunction.GetBuildInfoString])());

    private static OrtLibrary LoadOnce()
    {
        lock (Gate)
        {
            if (loaded is { } other) return other;
            Version managed = OrtManaged.CheckRelease();

            // Another use of the managed API in this process, before ours, has made it load a library, and it keeps the first.
            if (OrtManaged.IsInUse) return loaded = OfManaged(managed);
            OrtLibrary own = Load(OrtLibraryLocator.Find(), managed, out nint handle);
            return loaded = OrtManaged.Attach(handle) ? own : OfManaged(managed);
        }
    }

    internal static OrtLibrary Load(string path, Version least, out nint library)
    {
        OrtTelemetry.SwitchOff();
        try
        {
            library = OperatingSystem.IsWindows()
                ? NativeLibrary.Load(path, typeof(OrtLibrary).Assembly, VisualCppRuntime.SearchPath)
                : NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw VisualCppRuntime.Fault(path, e)
                ?? new ColbertException(ColbertErrorId.NativeLibraryNotFound, $"'{path}' could not be loaded: {e.Message}", path,
                $"Check that it is ONNX Runtime for {OrtLibraryLocator.Platform}.", e);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getBase))
        {
            throw new ColbertException(
                ColbertErrorId.NativeLibraryNotFound, $"'{path}' is not ONNX Runtime: it has no OrtGetApiBase.", path,
                    $"Name ONNX Runtime's own library in {OrtLibraryLocator.Variable}.");
        }

        // OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }
        nint* apiBase = ((delegate* unmanaged<nint*>)getBase)();
        return Of(path, apiBase[0], apiBase[1], least);
    }

    // The library that the managed API loaded by itself; the file is the module that its functions lie in.
    private static OrtLibrary OfManaged(Version least)
    {
        (nint getApi, nint getVersion) = OrtManaged.ApiBase();
        using var process = Process.GetCurrentProcess();
        string path = process.Modules.Cast<ProcessModule>()
            .FirstOrDefault(module => getApi >= module.BaseAddress && getApi < module.BaseAddress + module.ModuleMemorySize)?.FileName
            ?? "onnxruntime";
        return Of(path, getApi, getVersion, least);
    }

    private static OrtLibrary Of(string path, nint getApi, nint getVersion, Version least)
    {
        string version = NativeText.Read(((delegate* unmanaged<nint>)getVersion)());
        CheckVersion(version, path, least);
        nint* table = ((delegate* unmanaged<uint, nint*>)getApi)(ApiVersion);
        return table != null ? new OrtLibrary(path, version, table) : throw TooOld(version, path, least);
    }

    /// <summary>
    /// Refuses a library that lacks functions; asked for the table, an old one would print to the console, and the managed API would fail
    /// for good.
    /// </summary>
    internal static void CheckVersion(string version, string path, Version least)
    {
        string[] parts = version.Split('.');
        if (parts.Length < 2 || !TryNumber(parts[0], out int major) || !TryNumber(parts[1], out int minor)
            || (major, minor).CompareTo((least.Major, least.Minor)) < 0)
            throw TooOld(version, path, least);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ColbertException TooOld(string version, string path, Version least) =>
        new(ColbertErrorId.NativeLibraryNotFound, $"'{path}' is ONNX Runtime {version}; {least.ToString(2)} or later is needed.", path,
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
    private void Release(OrtFunction function, nint pointer) => ((delegate* unmanaged<nint, void>)table[(int)function])(pointer);
}
