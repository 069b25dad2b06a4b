using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>This machine, and the library that is loaded.</summary>
internal sealed class OrtProviderHost : IProviderHost
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string[]> PlugIns = new(StringComparer.Ordinal);

    private OrtProviderHost()
    {
    }

    public static OrtProviderHost Instance { get; } = new();

    private static OrtLibrary Library => OrtLibrary.Loaded;

    public string Version => Library.Version;

    public string LibraryPath => Library.Path;

    public string System => OrtLibraryLocator.Platform[..OrtLibraryLocator.Platform.IndexOf('-', StringComparison.Ordinal)];

    public int SystemBuild => Environment.OSVersion.Version.Build;

    public IReadOnlyList<string> Built => Library.GetAvailableProviders();

    public IReadOnlyList<OrtEpDevice> Devices => Library.GetDevices(OrtEnvironment.Handle);

    public bool FileExists(string path) => File.Exists(path);

    public string? LoadError(string library)
    {
        try
        {
            // A driver's bare name stands for the system's own; on Windows the folder of the process would be searched too.
            if (OperatingSystem.IsWindows() && !Path.IsPathFullyQualified(library)) NativeLibrary.Load(library, typeof(OrtProviderHost).Assembly, DllImportSearchPath.System32);
            else NativeLibrary.Load(library);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // What the system said stands at the end, behind advice for developers.
            return e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        }
    }

    public string? AppendError(ProviderUse use, ProviderContext context)
    {
        try
        {
            using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
            Append(options, use, context);
            return null;
        }
        catch (ProviderException e)
        {
            return e.Message;
        }
    }

    public IReadOnlyList<string> Register(string path)
    {
        lock (Gate)
        {
            if (PlugIns.TryGetValue(path, out string[]? known)) return known;
            string[] before = [.. Devices.Select(device => device.Provider)];
            Library.RegisterProviderLibrary(OrtEnvironment.Handle, path, path);
            string[] brought = [.. Devices.Select(device => device.Provider).Except(before).Distinct()];
            if (brought.Length > 0) PlugIns.Add(path, brought);
            else Library.UnregisterProviderLibrary(OrtEnvironment.Handle, path);
            return brought;
        }
    }

    /// <summary>Adds a provider to a session's options.</summary>
    /// <exception cref="ProviderException">The library refuses it.</exception>
    public static void Append(OrtSessionOptionsHandle options, ProviderUse use, ProviderContext context)
    {
        IReadOnlyDictionary<string, string> settings = use.Settings(context);

        // Some providers start their device when they are added, and that writes to the environment's log.
        _ = OrtEnvironment.Handle;
        try
        {
            switch (use.Rules.Route)
            {
                case ProviderRoute.Processor: break;
                case ProviderRoute.Cuda: Library.AppendCuda(options, settings); break;
                case ProviderRoute.TensorRt: Library.AppendTensorRt(options, settings); break;
                case ProviderRoute.PlugIn: AppendPlugIn(options, use, settings); break;

                // Its own function knows the device alone; nothing else may be asked for then.
                case ProviderRoute.DirectMl when settings.Keys.All(key => key == "device_id"):
                    Library.AppendDirectMl(options, settings.TryGetValue("device_id", out string? device) ? int.Parse(device, CultureInfo.InvariantCulture) : 0);
                    break;
                default: Library.AppendProvider(options, use.Rules.ShortName, settings); break;
            }
        }
        catch (Exception e) when (e is OrtException or FormatException or OverflowException)
        {
            throw new ProviderException(use, e.Message.Trim(), e);
        }
    }

    private static void AppendPlugIn(OrtSessionOptionsHandle options, ProviderUse use, IReadOnlyDictionary<string, string> settings)
    {
        OrtEpDevice[] devices = [.. Library.GetDevices(OrtEnvironment.Handle).Where(device => device.Provider == use.Rules.EngineName)];
        if (devices.Length == 0) throw new ProviderException(use, $"{use.Rules.EngineName} has no device here.");
        Library.AppendDevices(options, OrtEnvironment.Handle, devices, settings);
    }
}
