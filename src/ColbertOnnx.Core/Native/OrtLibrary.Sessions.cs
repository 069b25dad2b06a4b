namespace ColbertOnnx.Native;

internal sealed unsafe partial class OrtLibrary
{
    /// <summary>OrtStatus* CreateEnv(OrtLoggingLevel, const char* logid, OrtEnv** out). The library keeps one environment for a process.</summary>
    public OrtEnvironmentHandle CreateEnvironment()
    {
        const int fatalOnly = 4; // errors come back as statuses; the library's log would go to the user's console
        nint environment;
        fixed (byte* name = NativeText.Name("ColbertOnnx"))
        {
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)table[(int)OrtFunction.CreateEnv])(fatalOnly, name, &environment));
        }

        var handle = new OrtEnvironmentHandle(environment);
        Check(((delegate* unmanaged<nint, nint>)table[(int)OrtFunction.DisableTelemetryEvents])(environment));
        return handle;
    }

    /// <summary>OrtStatus* CreateSessionOptions(OrtSessionOptions** out).</summary>
    public OrtSessionOptionsHandle CreateSessionOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)table[(int)OrtFunction.CreateSessionOptions])(&options));
        return new OrtSessionOptionsHandle(options);
    }

    /// <summary>Functions of the shape OrtStatus* F(OrtSessionOptions*, int).</summary>
    public void SetOption(OrtSessionOptionsHandle options, OrtFunction function, int value)
    {
        Check(((delegate* unmanaged<nint, int, nint>)table[(int)function])(options.DangerousGetHandle(), value));
        GC.KeepAlive(options);
    }

    /// <summary>OrtStatus* DisableMemPattern(OrtSessionOptions*).</summary>
    public void DisableMemoryPattern(OrtSessionOptionsHandle options)
    {
        Check(((delegate* unmanaged<nint, nint>)table[(int)OrtFunction.DisableMemPattern])(options.DangerousGetHandle()));
        GC.KeepAlive(options);
    }

    /// <summary>OrtStatus* SetOptimizedModelFilePath(OrtSessionOptions*, const ORTCHAR_T* path): creating the session writes its graph there.</summary>
    public void SetOptimizedModelFile(OrtSessionOptionsHandle options, string path)
    {
        fixed (byte* pathText = NativeText.Path(path))
        {
            Check(((delegate* unmanaged<nint, byte*, nint>)table[(int)OrtFunction.SetOptimizedModelFilePath])(options.DangerousGetHandle(), pathText));
        }

        GC.KeepAlive(options);
    }

    /// <summary>OrtStatus* AddSessionConfigEntry(OrtSessionOptions*, const char* key, const char* value).</summary>
    public void AddConfiguration(OrtSessionOptionsHandle options, string key, string value)
    {
        fixed (byte* keyText = NativeText.Name(key), valueText = NativeText.Name(value))
        {
            Check(((delegate* unmanaged<nint, byte*, byte*, nint>)table[(int)OrtFunction.AddSessionConfigEntry])(options.DangerousGetHandle(), keyText, valueText));
        }

        GC.KeepAlive(options);
    }

    /// <summary>OrtStatus* CreateSession(const OrtEnv*, const ORTCHAR_T* path, const OrtSessionOptions*, OrtSession** out).</summary>
    public OrtSessionHandle CreateSession(OrtEnvironmentHandle environment, string path, OrtSessionOptionsHandle options)
    {
        nint session;
        fixed (byte* pathText = NativeText.Path(path))
        {
            Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)table[(int)OrtFunction.CreateSession])(
                environment.DangerousGetHandle(), pathText, options.DangerousGetHandle(), &session));
        }

        GC.KeepAlive(options);
        return new OrtSessionHandle(session, environment);
    }

    /// <summary>OrtStatus* CreateSessionFromArray(const OrtEnv*, const void* model, size_t bytes, const OrtSessionOptions*, OrtSession** out). The bytes are read and not kept.</summary>
    public OrtSessionHandle CreateSession(OrtEnvironmentHandle environment, ReadOnlySpan<byte> model, OrtSessionOptionsHandle options)
    {
        nint session;
        fixed (byte* bytes = model)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)table[(int)OrtFunction.CreateSessionFromArray])(
                environment.DangerousGetHandle(), bytes, (nuint)model.Length, options.DangerousGetHandle(), &session));
        }

        GC.KeepAlive(options);
        return new OrtSessionHandle(session, environment);
    }

    /// <summary>The inputs or outputs of a graph: name, element type and dimensions (-1 where the graph leaves them open).</summary>
    public OrtTensorInfo[] GetTensors(OrtSessionHandle session, bool inputs)
    {
        nuint count;
        nint pointer = session.DangerousGetHandle();
        Check(((delegate* unmanaged<nint, nuint*, nint>)table[(int)(inputs ? OrtFunction.SessionGetInputCount : OrtFunction.SessionGetOutputCount)])(pointer, &count));
        var tensors = new OrtTensorInfo[(int)count];
        for (int i = 0; i < tensors.Length; i++)
        {
            string name = TensorName(pointer, i, inputs ? OrtFunction.SessionGetInputName : OrtFunction.SessionGetOutputName);
            OrtFunction typeFunction = inputs ? OrtFunction.SessionGetInputTypeInfo : OrtFunction.SessionGetOutputTypeInfo;
            nint typeInfo, shape;
            Check(((delegate* unmanaged<nint, nuint, nint*, nint>)table[(int)typeFunction])(pointer, (nuint)i, &typeInfo));
            using var owner = new OrtTypeInfoHandle(typeInfo);

            // The shape belongs to the type info; it is null when this is not a tensor.
            Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.CastTypeInfoToTensorInfo])(typeInfo, &shape));
            tensors[i] = shape == 0 ? new OrtTensorInfo(name, OrtElementType.Undefined, []) : new OrtTensorInfo(name, ElementType(shape), Dimensions(shape));
        }

        GC.KeepAlive(session);
        return tensors;
    }

    /// <summary>What the graph's metadata_props say under a key; null when they do not have it.</summary>
    /// <remarks>
    /// OrtStatus* SessionGetModelMetadata(const OrtSession*, OrtModelMetadata** out);
    /// OrtStatus* ModelMetadataLookupCustomMetadataMap(const OrtModelMetadata*, OrtAllocator*, const char* key, char** value): null where the key is not.
    /// </remarks>
    public string? GetMetadata(OrtSessionHandle session, string key)
    {
        nint metadata, text;
        Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.SessionGetModelMetadata])(session.DangerousGetHandle(), &metadata));
        GC.KeepAlive(session);
        using var owner = new OrtModelMetadataHandle(metadata);
        nint allocator = DefaultAllocator();
        fixed (byte* keyText = NativeText.Name(key))
        {
            Check(((delegate* unmanaged<nint, nint, byte*, nint*, nint>)table[(int)OrtFunction.ModelMetadataLookupCustomMetadataMap])(metadata, allocator, keyText, &text));
        }

        return text == 0 ? null : TakeText(allocator, text);
    }

    private string TensorName(nint session, int index, OrtFunction function)
    {
        nint allocator = DefaultAllocator(), text;
        Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)table[(int)function])(session, (nuint)index, allocator, &text));
        return TakeText(allocator, text);
    }

    // The default allocator is the library's own; what it gave must go back to it.
    private nint DefaultAllocator()
    {
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)table[(int)OrtFunction.GetAllocatorWithDefaultOptions])(&allocator));
        return allocator;
    }

    private string TakeText(nint allocator, nint text)
    {
        string read = NativeText.Read(text);
        Check(((delegate* unmanaged<nint, nint, nint>)table[(int)OrtFunction.AllocatorFree])(allocator, text));
        return read;
    }

    private OrtElementType ElementType(nint shape)
    {
        int type;
        Check(((delegate* unmanaged<nint, int*, nint>)table[(int)OrtFunction.GetTensorElementType])(shape, &type));
        return (OrtElementType)type;
    }

    private long[] Dimensions(nint shape)
    {
        nuint rank;
        Check(((delegate* unmanaged<nint, nuint*, nint>)table[(int)OrtFunction.GetDimensionsCount])(shape, &rank));
        var dimensions = new long[(int)rank];
        fixed (long* values = dimensions)
        {
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)table[(int)OrtFunction.GetDimensions])(shape, values, rank));
        }

        return dimensions;
    }
}
