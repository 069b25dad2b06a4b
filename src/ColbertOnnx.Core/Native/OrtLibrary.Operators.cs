using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Native;

/// <summary>
/// What operators of our own need. They run inside a call of the library, which no exception may cross: these give statuses.
/// </summary>
internal sealed unsafe partial class OrtLibrary
{
    /// <summary>Dimensions of what our operators take.</summary>
    internal const int LargestRank = 8;

    /// <summary>
    /// OrtStatus* CreateCustomOpDomain(const char*, OrtCustomOpDomain** out). It must outlive every session that knows it.
    /// </summary>
    public nint CreateOperatorDomain(string name)
    {
        nint domain;
        fixed (byte* text = NativeText.Name(name))
        {
            Check(((delegate* unmanaged<byte*, nint*, nint>)table[(int)OrtFunction.CreateCustomOpDomain])(text, &domain));
        }

        return domain;
    }

    /// <summary>OrtStatus* CustomOpDomain_Add(OrtCustomOpDomain*, const OrtCustomOp*). The library keeps the pointer.</summary>
    public void AddOperator(nint domain, OrtCustomOp* op) =>
        Check(((delegate* unmanaged<nint, OrtCustomOp*, nint>)table[(int)OrtFunction.CustomOpDomain_Add])(domain, op));

    /// <summary>OrtStatus* AddCustomOpDomain(OrtSessionOptions*, OrtCustomOpDomain*).</summary>
    public void AddOperators(nint options, nint domain) =>
        Check(((delegate* unmanaged<nint, nint, nint>)table[(int)OrtFunction.AddCustomOpDomain])(options, domain));

    /// <summary>OrtStatus* KernelInfoGetAttribute_float(const OrtKernelInfo*, const char* name, float* out).</summary>
    internal nint GetAttribute(nint info, string name, out float value)
    {
        fixed (byte* text = NativeText.Name(name))
        fixed (float* result = &value)
            return ((delegate* unmanaged<nint, byte*, float*, nint>)table[(int)OrtFunction.KernelInfoGetAttribute_float])(
                info, text, result);
    }

    /// <summary>OrtStatus* KernelInfoGetAttribute_int64(const OrtKernelInfo*, const char* name, int64_t* out).</summary>
    internal nint GetAttribute(nint info, string name, out long value)
    {
        fixed (byte* text = NativeText.Name(name))
        fixed (long* result = &value)
            return ((delegate* unmanaged<nint, byte*, long*, nint>)table[(int)OrtFunction.KernelInfoGetAttribute_int64])(
                info, text, result);
    }

    /// <summary>An input whose rows are all that counts, however many dimensions they are laid out in.</summary>
    internal nint GetInput(nint context, int index, out OrtMatrix matrix) =>
        GetInput(context, index, stackalloc long[LargestRank], out _, out matrix);

    /// <summary>
    /// OrtStatus* KernelContext_GetInput(const OrtKernelContext*, size_t, const OrtValue** out): null where an optional one is left out.
    /// </summary>
    internal nint GetInput(nint context, int index, scoped Span<long> allDimensions, out int count, out OrtMatrix matrix)
    {
        matrix = default;
        count = 0;
        nint value, data,
            status = ((delegate* unmanaged<nint, nuint, nint*, nint>)table[(int)OrtFunction.KernelContext_GetInput])(
                context, (nuint)index, &value);
        if (status != 0 || value == 0) return status;
        if ((status = GetData(value, &data)) != 0) return status;
        nint shape;
        if ((status = ((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.GetTensorTypeAndShape])(value, &shape)) != 0)
            return status;
        try
        {
            nuint rank;
            if ((status = ((delegate* unmanaged<nint, nuint*, nint>)table[(int)OrtFunction.GetDimensionsCount])(shape, &rank)) != 0)
                return status;
            if (rank is 0 or > LargestRank) return Refuse("A matrix has one to eight dimensions.\0"u8);
            fixed (long* dimensions = allDimensions)
            {
                if ((status = ((delegate* unmanaged<nint, long*, nuint, nint>)table[(int)OrtFunction.GetDimensions])(
                    shape, dimensions, rank)) != 0)
                    return status;
            }

            count = (int)rank;
            return Lay(data, allDimensions[..count], out matrix);
        }
        finally
        {
            Release(OrtFunction.ReleaseTensorTypeAndShapeInfo, shape);
        }
    }

    internal nint GetOutput(nint context, int index, int rows, int columns, out OrtMatrix matrix) =>
        GetOutput(context, index, [rows, columns], out matrix);

    /// <summary>
    /// OrtStatus* KernelContext_GetOutput(OrtKernelContext*, size_t, const int64_t* dim_values, size_t dim_count, OrtValue** out).
    /// </summary>
    internal nint GetOutput(nint context, int index, scoped ReadOnlySpan<long> allDimensions, out OrtMatrix matrix)
    {
        matrix = default;
        nint value, data, status;
        fixed (long* dimensions = allDimensions)
        {
            status = ((delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)table[(int)OrtFunction.KernelContext_GetOutput])(
                context, (nuint)index, dimensions, (nuint)allDimensions.Length, &value);
        }

        return status != 0 || (status = GetData(value, &data)) != 0 ? status : Lay(data, allDimensions, out matrix);
    }

    private nint Lay(nint data, scoped ReadOnlySpan<long> dimensions, out OrtMatrix matrix)
    {
        matrix = default;
        long rows = 1;
        foreach (long dimension in dimensions[..^1]) rows *= dimension;
        if (rows * dimensions[^1] > int.MaxValue) return Refuse("More numbers than one operator takes.\0"u8);
        matrix = new OrtMatrix((void*)data, (int)rows, (int)dimensions[^1]);
        return 0;
    }

    /// <summary>
    /// OrtStatus* KernelContext_ParallelFor(const OrtKernelContext*, void (*)(void*, size_t), size_t total, size_t num_batch, void*):
    /// on the session's threads, each of the numbers below the total once. Of 0 as num_batch: as many pieces as it likes.
    /// </summary>
    internal nint RunParallel(nint context, delegate* unmanaged<void*, nuint, void> body, int total, void* given)
    {
        nint function = table[(int)OrtFunction.KernelContext_ParallelFor];
        return ((delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)function)(
            context, body, (nuint)total, 0, given);
    }

    /// <summary>Frees a status that is not passed on.</summary>
    internal void Forget(nint status) => Release(OrtFunction.ReleaseStatus, status);

    /// <summary>OrtStatus* CreateStatus(OrtErrorCode, const char* message).</summary>
    internal nint Refuse(ReadOnlySpan<byte> message)
    {
        fixed (byte* text = message)
            return ((delegate* unmanaged<int, byte*, nint>)table[(int)OrtFunction.CreateStatus])((int)OrtErrorCode.Fail, text);
    }

    private nint GetData(nint value, nint* data) =>
        ((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.GetTensorMutableData])(value, data);
}
