namespace ColbertOnnx.Native;

internal sealed unsafe partial class OrtLibrary
{
    private OrtMemoryInfoHandle? cpuMemory;

    /// <summary>OrtStatus* CreateRunOptions(OrtRunOptions** out).</summary>
    public OrtRunOptionsHandle CreateRunOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)table[(int)OrtFunction.CreateRunOptions])(&options));
        return new OrtRunOptionsHandle(options);
    }

    /// <summary>OrtStatus* RunOptionsSetTerminate(OrtRunOptions*): calls that run with these options end soon, with an error.</summary>
    public void Terminate(OrtRunOptionsHandle options)
    {
        Check(((delegate* unmanaged<nint, nint>)table[(int)OrtFunction.RunOptionsSetTerminate])(options.DangerousGetHandle()));
        GC.KeepAlive(options);
    }

    /// <summary>
    /// Runs a graph over memory of the caller, which is pinned for the call and neither copied nor kept. All inputs have the shape
    /// <paramref name="inputShape"/> and lie one after the other in <paramref name="inputs"/>. Many threads may run one session at once.
    /// </summary>
    public void Run(
        OrtSessionHandle session, OrtRunOptionsHandle? options, ReadOnlySpan<OrtTensorInfo> inputInfos, Span<byte> inputs, ReadOnlySpan<long> inputShape,
        OrtTensorInfo outputInfo, Span<byte> output, ReadOnlySpan<long> outputShape)
    {
        fixed (byte* inputData = inputs, outputData = output)
        {
            using OrtValueHandle value = CreateTensor(outputData, output.Length, outputShape, outputInfo.ElementType);
            nint outputValue = value.DangerousGetHandle();
            Run(session, options, inputInfos, inputData, inputs.Length / inputInfos.Length, inputShape, outputInfo, &outputValue);
        }
    }

    /// <summary>Runs a graph and returns the shape of what it gives: for graphs that leave the last dimension open.</summary>
    public long[] RunForShape(OrtSessionHandle session, ReadOnlySpan<OrtTensorInfo> inputInfos, Span<byte> inputs, ReadOnlySpan<long> inputShape, OrtTensorInfo outputInfo)
    {
        nint outputValue = 0, shape; // zero: the library allocates, and the value is ours afterwards
        fixed (byte* inputData = inputs)
        {
            Run(session, null, inputInfos, inputData, inputs.Length / inputInfos.Length, inputShape, outputInfo, &outputValue);
        }

        using var value = new OrtValueHandle(outputValue);
        Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.GetTensorTypeAndShape])(outputValue, &shape));
        using var owner = new OrtShapeInfoHandle(shape);
        return Dimensions(shape);
    }

    // OrtStatus* Run(OrtSession*, const OrtRunOptions*, input names, inputs, count, output names, count, OrtValue** outputs).
    private void Run(
        OrtSessionHandle session, OrtRunOptionsHandle? options, ReadOnlySpan<OrtTensorInfo> inputInfos, byte* inputData, int inputBytes,
        ReadOnlySpan<long> inputShape, OrtTensorInfo outputInfo, nint* outputValue)
    {
        int count = inputInfos.Length;
        nint* values = stackalloc nint[count];
        byte** names = stackalloc byte*[count];
        new Span<nint>(values, count).Clear();
        try
        {
            for (int i = 0; i < count; i++)
            {
                names[i] = inputInfos[i].NativeName;
                values[i] = CreateTensorValue(inputData + ((long)i * inputBytes), inputBytes, inputShape, inputInfos[i].ElementType);
            }

            byte* outputName = outputInfo.NativeName;
            Check(((delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)table[(int)OrtFunction.Run])(
                session.DangerousGetHandle(), options?.DangerousGetHandle() ?? 0, names, values, (nuint)count, &outputName, 1, outputValue));
        }
        finally
        {
            for (int i = 0; i < count; i++)
            {
                if (values[i] != 0) Release(OrtFunction.ReleaseValue, values[i]);
            }

            GC.KeepAlive(session);
            GC.KeepAlive(options);
        }
    }

    private OrtValueHandle CreateTensor(byte* data, long bytes, ReadOnlySpan<long> shape, OrtElementType type) => new(CreateTensorValue(data, bytes, shape, type));

    // OrtStatus* CreateTensorWithDataAsOrtValue(const OrtMemoryInfo*, void* data, size_t bytes, const int64_t* shape, size_t rank, type, OrtValue** out).
    // The value does not own the memory.
    private nint CreateTensorValue(byte* data, long bytes, ReadOnlySpan<long> shape, OrtElementType type)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)table[(int)OrtFunction.CreateTensorWithDataAsOrtValue])(
                CpuMemory.DangerousGetHandle(), data, (nuint)bytes, dimensions, (nuint)shape.Length, (int)type, &value));
        }

        return value;
    }

    private OrtMemoryInfoHandle CpuMemory
    {
        get
        {
            if (cpuMemory is { } known) return known;
            const int arenaAllocator = 1, defaultMemory = 0;
            nint info;
            Check(((delegate* unmanaged<int, int, nint*, nint>)table[(int)OrtFunction.CreateCpuMemoryInfo])(arenaAllocator, defaultMemory, &info));
            var made = new OrtMemoryInfoHandle(info);
            if (Interlocked.CompareExchange(ref cpuMemory, made, null) is not { } other) return made;
            made.Dispose();
            return other;
        }
    }
}
