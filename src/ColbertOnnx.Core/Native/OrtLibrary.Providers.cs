namespace ColbertOnnx.Native;

internal sealed unsafe partial class OrtLibrary
{
    /// <summary>Execution providers that this build knows, in its words. Some of them have their code in a library of their own, which need not be there.</summary>
    /// <remarks>OrtStatus* GetAvailableProviders(char*** out, int* count); OrtStatus* ReleaseAvailableProviders(char** names, int count).</remarks>
    public string[] GetAvailableProviders()
    {
        nint* names;
        int count;
        Check(((delegate* unmanaged<nint**, int*, nint>)table[(int)OrtFunction.GetAvailableProviders])(&names, &count));
        string[] read = Texts(names, count);
        Check(((delegate* unmanaged<nint*, int, nint>)table[(int)OrtFunction.ReleaseAvailableProviders])(names, count));
        return read;
    }

    /// <summary>OrtStatus* GetEpDevices(const OrtEnv*, const OrtEpDevice* const** out, size_t* count): owned by the library.</summary>
    public OrtEpDevice[] GetDevices(OrtEnvironmentHandle environment)
    {
        nint* pointers;
        nuint count;
        Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)table[(int)OrtFunction.GetEpDevices])(environment.DangerousGetHandle(), &pointers, &count));
        var devices = new OrtEpDevice[(int)count];
        for (int i = 0; i < devices.Length; i++)
        {
            nint device = pointers[i], hardware = Part(OrtFunction.EpDevice_Device, device);
            devices[i] = new OrtEpDevice(
                device,
                NativeText.Read(Part(OrtFunction.EpDevice_EpName, device)),
                NativeText.Read(Part(OrtFunction.EpDevice_EpVendor, device)),
                Pairs(Part(OrtFunction.EpDevice_EpMetadata, device)),
                (OrtDeviceKind)((delegate* unmanaged<nint, int>)table[(int)OrtFunction.HardwareDevice_Type])(hardware),
                NativeText.Read(Part(OrtFunction.HardwareDevice_Vendor, hardware)),
                Pairs(Part(OrtFunction.HardwareDevice_Metadata, hardware)));
        }

        GC.KeepAlive(environment);
        return devices;
    }

    /// <summary>OrtStatus* RegisterExecutionProviderLibrary(OrtEnv*, const char* registration, const ORTCHAR_T* path): loads a plug-in.</summary>
    public void RegisterProviderLibrary(OrtEnvironmentHandle environment, string registration, string path)
    {
        fixed (byte* name = NativeText.Name(registration), pathText = NativeText.Path(path))
        {
            Check(((delegate* unmanaged<nint, byte*, byte*, nint>)table[(int)OrtFunction.RegisterExecutionProviderLibrary])(environment.DangerousGetHandle(), name, pathText));
        }

        GC.KeepAlive(environment);
    }

    /// <summary>OrtStatus* UnregisterExecutionProviderLibrary(OrtEnv*, const char* registration). No session may use the plug-in any more.</summary>
    public void UnregisterProviderLibrary(OrtEnvironmentHandle environment, string registration)
    {
        fixed (byte* name = NativeText.Name(registration))
        {
            Check(((delegate* unmanaged<nint, byte*, nint>)table[(int)OrtFunction.UnregisterExecutionProviderLibrary])(environment.DangerousGetHandle(), name));
        }

        GC.KeepAlive(environment);
    }

    /// <summary>
    /// OrtStatus* SessionOptionsAppendExecutionProvider(OrtSessionOptions*, const char* name, const char* const* keys, const char* const* values, size_t count).
    /// </summary>
    public void AppendProvider(OrtSessionOptionsHandle options, string provider, IReadOnlyDictionary<string, string> settings)
    {
        using NativeTexts keys = new([.. settings.Keys]), values = new([.. settings.Values]);
        fixed (byte* name = NativeText.Name(provider))
        {
            Check(((delegate* unmanaged<nint, byte*, nint, nint, nuint, nint>)table[(int)OrtFunction.SessionOptionsAppendExecutionProvider])(
                options.DangerousGetHandle(), name, keys.Pointer, values.Pointer, (nuint)settings.Count));
        }

        GC.KeepAlive(options);
    }

    /// <summary>
    /// OrtStatus* SessionOptionsAppendExecutionProvider_V2(OrtSessionOptions*, OrtEnv*, const OrtEpDevice* const*, size_t, keys, values, size_t): devices of one plug-in.
    /// </summary>
    public void AppendDevices(OrtSessionOptionsHandle options, OrtEnvironmentHandle environment, IReadOnlyList<OrtEpDevice> devices, IReadOnlyDictionary<string, string> settings)
    {
        using NativeTexts keys = new([.. settings.Keys]), values = new([.. settings.Values]);
        nint[] pointers = [.. devices.Select(device => device.Pointer)];
        fixed (nint* first = pointers)
        {
            Check(((delegate* unmanaged<nint, nint, nint*, nuint, nint, nint, nuint, nint>)table[(int)OrtFunction.SessionOptionsAppendExecutionProvider_V2])(
                options.DangerousGetHandle(), environment.DangerousGetHandle(), first, (nuint)pointers.Length, keys.Pointer, values.Pointer, (nuint)settings.Count));
        }

        GC.KeepAlive(options);
        GC.KeepAlive(environment);
    }

    /// <summary>CUDA: an object of options is made, filled, appended and given back; the session's options keep a copy.</summary>
    public void AppendCuda(OrtSessionOptionsHandle options, IReadOnlyDictionary<string, string> settings)
    {
        using var made = new OrtCudaOptionsHandle(CreateProviderOptions(OrtFunction.CreateCUDAProviderOptions));
        AppendWithOptions(options, made, OrtFunction.UpdateCUDAProviderOptions, OrtFunction.SessionOptionsAppendExecutionProvider_CUDA_V2, settings);
    }

    /// <inheritdoc cref="AppendCuda"/>
    public void AppendTensorRt(OrtSessionOptionsHandle options, IReadOnlyDictionary<string, string> settings)
    {
        using var made = new OrtTensorRtOptionsHandle(CreateProviderOptions(OrtFunction.CreateTensorRTProviderOptions));
        AppendWithOptions(options, made, OrtFunction.UpdateTensorRTProviderOptions, OrtFunction.SessionOptionsAppendExecutionProvider_TensorRT_V2, settings);
    }

    /// <summary>
    /// OrtStatus* GetExecutionProviderApi(const char* name, uint32_t version, const void** out), whose first function for "DML" is
    /// OrtStatus* SessionOptionsAppendExecutionProvider_DML(OrtSessionOptions*, int device). Its other settings go the way of <see cref="AppendProvider"/>.
    /// </summary>
    public void AppendDirectMl(OrtSessionOptionsHandle options, int device)
    {
        nint* functions;
        fixed (byte* name = NativeText.Name("DML"))
        {
            Check(((delegate* unmanaged<byte*, uint, nint**, nint>)table[(int)OrtFunction.GetExecutionProviderApi])(name, ApiVersion, &functions));
        }

        Check(((delegate* unmanaged<nint, int, nint>)functions[0])(options.DangerousGetHandle(), device));
        GC.KeepAlive(options);
    }

    /// <summary>Which provider got which nodes; the session was created with <c>session.record_ep_graph_assignment_info</c>.</summary>
    /// <remarks>
    /// OrtStatus* Session_GetEpGraphAssignmentInfo(const OrtSession*, const OrtEpAssignedSubgraph* const** out, size_t*); then of each piece
    /// EpAssignedSubgraph_GetEpName(piece, const char**) and EpAssignedSubgraph_GetNodes(piece, const OrtEpAssignedNode* const**, size_t*). All of it belongs to the session.
    /// </remarks>
    public OrtAssignedNodes[] GetAssignment(OrtSessionHandle session)
    {
        nint* pieces;
        nuint count;
        Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)table[(int)OrtFunction.Session_GetEpGraphAssignmentInfo])(session.DangerousGetHandle(), &pieces, &count));
        var assigned = new OrtAssignedNodes[(int)count];
        for (int i = 0; i < assigned.Length; i++)
        {
            nint name;
            nint* nodes;
            nuint nodeCount;
            Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.EpAssignedSubgraph_GetEpName])(pieces[i], &name));
            Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)table[(int)OrtFunction.EpAssignedSubgraph_GetNodes])(pieces[i], &nodes, &nodeCount));
            string[] operators = new string[(int)nodeCount];
            for (int k = 0; k < operators.Length; k++)
            {
                nint text;
                Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.EpAssignedNode_GetOperatorType])(nodes[k], &text));
                operators[k] = NativeText.Read(text);
            }

            assigned[i] = new OrtAssignedNodes(NativeText.Read(name), operators);
        }

        GC.KeepAlive(session);
        return assigned;
    }

    /// <summary>OrtStatus* EnableProfiling(OrtSessionOptions*, const ORTCHAR_T* prefix): calls are written to prefix_DATE.json.</summary>
    public void EnableProfiling(OrtSessionOptionsHandle options, string prefix)
    {
        fixed (byte* path = NativeText.Path(prefix))
        {
            Check(((delegate* unmanaged<nint, byte*, nint>)table[(int)OrtFunction.EnableProfiling])(options.DangerousGetHandle(), path));
        }

        GC.KeepAlive(options);
    }

    /// <summary>OrtStatus* SessionEndProfiling(OrtSession*, OrtAllocator*, char** file): ends it and gives the file.</summary>
    public string EndProfiling(OrtSessionHandle session)
    {
        nint allocator = DefaultAllocator(), text;
        Check(((delegate* unmanaged<nint, nint, nint*, nint>)table[(int)OrtFunction.SessionEndProfiling])(session.DangerousGetHandle(), allocator, &text));
        GC.KeepAlive(session);
        return TakeText(allocator, text);
    }

    private nint CreateProviderOptions(OrtFunction create)
    {
        nint made;
        Check(((delegate* unmanaged<nint*, nint>)table[(int)create])(&made));
        return made;
    }

    // OrtStatus* Update…(options*, keys, values, count); OrtStatus* Append…(OrtSessionOptions*, const options*).
    private void AppendWithOptions(OrtSessionOptionsHandle options, OrtHandle made, OrtFunction update, OrtFunction append, IReadOnlyDictionary<string, string> settings)
    {
        using NativeTexts keys = new([.. settings.Keys]), values = new([.. settings.Values]);
        Check(((delegate* unmanaged<nint, nint, nint, nuint, nint>)table[(int)update])(made.DangerousGetHandle(), keys.Pointer, values.Pointer, (nuint)settings.Count));
        Check(((delegate* unmanaged<nint, nint, nint>)table[(int)append])(options.DangerousGetHandle(), made.DangerousGetHandle()));
        GC.KeepAlive(options);
        GC.KeepAlive(made);
    }

    // const X* F(const Y*): functions that name a part of an object and cannot fail.
    private nint Part(OrtFunction function, nint of) => ((delegate* unmanaged<nint, nint>)table[(int)function])(of);

    // void GetKeyValuePairs(const OrtKeyValuePairs*, const char* const** keys, const char* const** values, size_t* count).
    private Dictionary<string, string> Pairs(nint pairs)
    {
        Dictionary<string, string> read = [];
        if (pairs == 0) return read;
        nint* keys, values;
        nuint count;
        ((delegate* unmanaged<nint, nint**, nint**, nuint*, void>)table[(int)OrtFunction.GetKeyValuePairs])(pairs, &keys, &values, &count);
        for (int i = 0; i < (int)count; i++) read[NativeText.Read(keys[i])] = NativeText.Read(values[i]);
        return read;
    }

    private static string[] Texts(nint* pointers, int count)
    {
        string[] texts = new string[count];
        for (int i = 0; i < count; i++) texts[i] = NativeText.Read(pointers[i]);
        return texts;
    }
}
