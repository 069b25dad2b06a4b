using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>An object of ONNX Runtime that this process owns and gives back with its own release function.</summary>
internal abstract class OrtHandle : SafeHandle
{
    private readonly OrtFunction release;

    private protected OrtHandle(nint pointer, OrtFunction release)
        : base(0, ownsHandle: true)
    {
        this.release = release;
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OrtLibrary.Loaded.Release(release, handle);
        return true;
    }
}

internal sealed class OrtEnvironmentHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseEnv);

internal sealed class OrtSessionOptionsHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseSessionOptions);

internal sealed class OrtRunOptionsHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseRunOptions);

internal sealed class OrtMemoryInfoHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseMemoryInfo);

internal sealed class OrtTypeInfoHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseTypeInfo);

internal sealed class OrtShapeInfoHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseTensorTypeAndShapeInfo);

internal sealed class OrtModelMetadataHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseModelMetadata);

internal sealed class OrtValueHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseValue);

internal sealed class OrtCudaOptionsHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseCUDAProviderOptions);

internal sealed class OrtTensorRtOptionsHandle(nint pointer) : OrtHandle(pointer, OrtFunction.ReleaseTensorRTProviderOptions);

/// <summary>Keeps the environment alive: it must outlive every session.</summary>
internal sealed class OrtSessionHandle : OrtHandle
{
    private readonly OrtEnvironmentHandle environment;

    public OrtSessionHandle(nint pointer, OrtEnvironmentHandle environment)
        : base(pointer, OrtFunction.ReleaseSession)
    {
        bool added = false;
        environment.DangerousAddRef(ref added);
        this.environment = environment;
    }

    protected override bool ReleaseHandle()
    {
        bool released = base.ReleaseHandle();
        environment.DangerousRelease();
        return released;
    }
}
