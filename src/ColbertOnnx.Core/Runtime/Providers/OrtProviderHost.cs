using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ColbertOnnx.Native;
using Microsoft.ML.OnnxRuntime;
using ManagedDevice = Microsoft.ML.OnnxRuntime.OrtEpDevice;
using OrtEpDevice = ColbertOnnx.Native.OrtEpDevice;

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

    public IReadOnlyList<string> Built
    {
        get
        {
            OrtEnvironment.Require();
            return BuiltIn();
        }
    }

    public IReadOnlyList<OrtEpDevice> Devices
    {
        get
        {
            OrtEnvironment.Require();
            return DevicesThere();
        }
    }

    public bool FileExists(string path) => File.Exists(path);

    public string? LoadError(string library)
    {
        try
        {
            // A driver's bare name stands for the system's own; on Windows the folder of the process would be searched too.
            if (OperatingSystem.IsWindows() && !Path.IsPathFullyQualified(library))
                NativeLibrary.Load(library, typeof(OrtProviderHost).Assembly, DllImportSearchPath.System32);
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
        OrtEnvironment.Require();
        return AppendErrorChecked(use, context);
    }

    public IReadOnlyList<string> Register(string path)
    {
        OrtEnvironment.Require();
        lock (Gate)
        {
            if (PlugIns.TryGetValue(path, out string[]? known)) return known;
            string[] brought = RegisterChecked(path);
            if (brought.Length > 0) PlugIns.Add(path, brought);
            return brought;
        }
    }

    /// <summary>Adds a provider to a session's options.</summary>
    /// <exception cref="ProviderException">The library refuses it.</exception>
    public static void Append(SessionOptions options, ProviderUse use, ProviderContext context)
    {
        IReadOnlyDictionary<string, string> settings = use.Settings(context);

        // Some providers start their device when they are added, and that writes to the environment's log.
        _ = OrtEnvironment.Instance;
        try
        {
            switch (use.Rules.Route)
            {
                case ProviderRoute.Cpu: break;
                case ProviderRoute.Cuda: AppendCuda(options, settings); break;
                case ProviderRoute.TensorRt: AppendTensorRt(options, settings); break;
                case ProviderRoute.PlugIn: AppendPlugIn(options, use, settings); break;

                // Its own function knows the device alone; nothing else may be asked for then.
                case ProviderRoute.DirectMl when settings.Keys.All(key => key == "device_id"):
                    options.AppendExecutionProvider_DML(settings.TryGetValue("device_id", out string? device)
                        ? int.Parse(device, CultureInfo.InvariantCulture)
                        : 0);
                    break;
                default: options.AppendExecutionProvider(use.Rules.ShortName, new Dictionary<string, string>(settings)); break;
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or NotSupportedException or FormatException
            or OverflowException)
        {
            throw new ProviderException(use, (e is OnnxRuntimeException ? OrtManaged.Coded(e).Message : e.Message).Trim(), e);
        }
    }

    private static void AppendPlugIn(SessionOptions options, ProviderUse use, IReadOnlyDictionary<string, string> settings)
    {
        ManagedDevice[] devices = [.. OrtEnvironment.Instance.GetEpDevices().Where(device => device.EpName == use.Rules.OnnxRuntimeName)];
        if (devices.Length == 0) throw new ProviderException(use, $"{use.Rules.OnnxRuntimeName} has no device here.");
        options.AppendExecutionProvider(OrtEnvironment.Instance, devices, settings);
    }

    private static void AppendCuda(SessionOptions options, IReadOnlyDictionary<string, string> settings)
    {
        using var made = new OrtCUDAProviderOptions();
        made.UpdateOptions(new Dictionary<string, string>(settings));
        options.AppendExecutionProvider_CUDA(made);
    }

    private static void AppendTensorRt(SessionOptions options, IReadOnlyDictionary<string, string> settings)
    {
        using var made = new OrtTensorRTProviderOptions();
        made.UpdateOptions(new Dictionary<string, string>(settings));
        options.AppendExecutionProvider_Tensorrt(made);
    }

    // These name types of the managed API, which are loaded before their first line: the library is found and checked before they are
    // called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string[] BuiltIn() => OrtEnvironment.Instance.GetAvailableProviders();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OrtEpDevice[] DevicesThere() =>
    [
        .. OrtEnvironment.Instance.GetEpDevices().Select(device => new OrtEpDevice(
            device.EpName, device.EpVendor, device.EpMetadata.Entries, (OrtDeviceKind)device.HardwareDevice.Type,
            device.HardwareDevice.Vendor, device.HardwareDevice.Metadata.Entries)),
    ];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? AppendErrorChecked(ProviderUse use, ProviderContext context)
    {
        try
        {
            using var options = new SessionOptions();
            Append(options, use, context);
            return null;
        }
        catch (ProviderException e)
        {
            return e.Message;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string[] RegisterChecked(string path)
    {
        try
        {
            string[] before = [.. OrtEnvironment.Instance.GetEpDevices().Select(device => device.EpName)];
            OrtEnvironment.Instance.RegisterExecutionProviderLibrary(path, path);
            string[] brought = [.. OrtEnvironment.Instance.GetEpDevices().Select(device => device.EpName).Except(before).Distinct()];
            if (brought.Length == 0) OrtEnvironment.Instance.UnregisterExecutionProviderLibrary(path);
            return brought;
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtManaged.Coded(e);
        }
    }
}
