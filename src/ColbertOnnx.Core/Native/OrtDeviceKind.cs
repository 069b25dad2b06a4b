namespace ColbertOnnx.Native;

/// <summary>OrtHardwareDeviceType.</summary>
internal enum OrtDeviceKind
{
    Cpu = 0,
    Gpu = 1,
    Npu = 2,
}
