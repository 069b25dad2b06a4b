using System.Runtime.CompilerServices;
using ColbertOnnx.Native;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Runtime;

/// <summary>The one environment of the process. Plug-ins that were registered in it stay until the process ends.</summary>
internal static class OrtEnvironment
{
    private static readonly Lazy<OrtEnv> Lazy = new(Make);

    public static OrtEnv Instance
    {
        get
        {
            Require(); // a failure in there would be kept
            return Lazy.Value;
        }
    }

    /// <summary>
    /// Makes it meanwhile: the first takes some 30 ms, most of them compiling, about as long as a graph takes to be read. The first use
    /// meets its error. What this gives waits until it is made: a process that ends before, because the graph is broken, ends by a
    /// segmentation fault.
    /// </summary>
    public static IDisposable Begin() => Begin(() =>
    {
        Require();
        Touch();
    });

    internal static IDisposable Begin(Action make) => new Making(Task.Run(make));

    /// <summary>Finds and checks the library; before that no method may run that names a type of the managed API.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>.</exception>
    public static void Require() => _ = OrtLibrary.Loaded;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch() => _ = Lazy.Value;

    // The library enters the domain of our operators into a table of the process with the first session that brings them, and no lock is
    // around that: of two such sessions made side by side one fails, and any other may read what is being written. So this is that session.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OrtEnv Make()
    {
        OrtEnv environment = Create();
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        OrtManaged.AddOperators(options);
        new InferenceSession(SmallestGraph.ToArray(), options).Dispose();
        return environment;
    }

    // Errors come back as exceptions; the library's log would go to the user's console. Other code that uses the managed API may have made
    // the environment already.
    private static OrtEnv Create()
    {
        if (OrtEnv.IsCreated) return OrtEnv.Instance();
        try
        {
            var wanted = new EnvironmentCreationOptions { logId = "ColbertOnnx", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            OrtEnv made = OrtEnv.CreateInstanceWithOptions(ref wanted);
            made.DisableTelemetryEvents(); // Windows has a telemetry of its own besides (OrtTelemetry)
            return made;
        }
        catch (OnnxRuntimeException) when (OrtEnv.IsCreated)
        {
            return OrtEnv.Instance();
        }
    }

    private sealed class Making(Task task) : IDisposable
    {
        public void Dispose()
        {
            Task.WaitAny([task]);
            _ = task.Exception;
        }
    }

    // y = Identity(x), as a message of onnx.proto: this runs at every start, and most need the code that writes such messages for nothing
    // else.
    private static ReadOnlySpan<byte> SmallestGraph =>
    [
        0x08, 8, // ir_version
        0x42, 2, 0x10, 13, // opset_import
        0x3a, 43, // graph
        // node
        0x0a, 16, 0x0a, 1, (byte)'x', 0x12, 1, (byte)'y', 0x22, 8, (byte)'I', (byte)'d', (byte)'e', (byte)'n', (byte)'t', (byte)'i',
        (byte)'t', (byte)'y',
        0x12, 1, (byte)'g', // name
        0x5a, 9, 0x0a, 1, (byte)'x', 0x12, 4, 0x0a, 2, 0x08, 1, // input: float
        0x62, 9, 0x0a, 1, (byte)'y', 0x12, 4, 0x0a, 2, 0x08, 1, // output: float
    ];
}
