namespace ColbertOnnx.Runtime.Providers;

/// <summary>The function of the C API that adds a provider to a session.</summary>
internal enum ProviderRoute
{
    /// <summary>SessionOptionsAppendExecutionProvider, by name.</summary>
    Generic,

    /// <summary>Nothing is added: the CPU is always there, as the last.</summary>
    Cpu,

    Cuda,

    TensorRt,

    DirectMl,

    /// <summary>SessionOptionsAppendExecutionProvider_V2, over the devices that a registered library brought.</summary>
    PlugIn,
}
