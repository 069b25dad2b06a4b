using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime;

/// <summary>The one environment of the process. Plug-ins that were registered in it stay until the process ends.</summary>
internal static class OrtEnvironment
{
    private static readonly Lazy<OrtEnvironmentHandle> Lazy = new(Make);

    public static OrtEnvironmentHandle Handle => Lazy.Value;

    // The library enters the domain of our operators into a table of the process with the first session that brings them, and no lock is around that:
    // of two such sessions made side by side one fails, and any other may read what is being written. So this is that session.
    private static OrtEnvironmentHandle Make()
    {
        OrtLibrary library = OrtLibrary.Loaded;
        OrtEnvironmentHandle environment = library.CreateEnvironment();
        using OrtSessionOptionsHandle options = library.CreateSessionOptions();
        library.SetOption(options, OrtFunction.SetIntraOpNumThreads, 1);
        library.AddOperators(options, OrtRowOperators.Domain);
        library.CreateSession(environment, SmallestGraph, options).Dispose();
        return environment;
    }

    // y = Identity(x), as a message of onnx.proto: this runs at every start, and most need the code that writes such messages for nothing else.
    private static ReadOnlySpan<byte> SmallestGraph =>
    [
        0x08, 8, // ir_version
        0x42, 2, 0x10, 13, // opset_import
        0x3a, 43, // graph
        0x0a, 16, 0x0a, 1, (byte)'x', 0x12, 1, (byte)'y', 0x22, 8, (byte)'I', (byte)'d', (byte)'e', (byte)'n', (byte)'t', (byte)'i', (byte)'t', (byte)'y', // node
        0x12, 1, (byte)'g', // name
        0x5a, 9, 0x0a, 1, (byte)'x', 0x12, 4, 0x0a, 2, 0x08, 1, // input: float
        0x62, 9, 0x0a, 1, (byte)'y', 0x12, 4, 0x0a, 2, 0x08, 1, // output: float
    ];
}
