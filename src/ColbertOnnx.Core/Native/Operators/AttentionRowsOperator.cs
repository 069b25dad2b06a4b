using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// AttentionRows(queries float [texts, tokens, heads x head size], keys and values float [texts, tokens, key heads x head size], mask bool
/// [texts, 1, 1, tokens] or none) gives float, as the queries: what each row sees of its text, in a window around it where there is one.
/// Threads of the session share the texts' heads. With scales [texts x tokens, 2], queries, keys and values are products of INT8 rows
/// [texts x tokens, …] without a bias; a bias or none and the sums of the matrix's columns follow for each of the three, as
/// <see cref="ScaledRows"/> has them, and the mask says how long a text is.
/// </summary>
internal static unsafe class AttentionRowsOperator
{
    /// <summary>With fewer bits ONNX Runtime's own operator is as fast or faster.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512DQ.IsSupported;

    private static ReadOnlySpan<byte> Refusal =>
        "AttentionRows wants three matrices of as many rows, heads of one size, and a mask; with scales one for each row, and sums.\0"u8;

    public static OrtCustomOp Describe() => OrtRowOperators.Common() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        GetInputType = &InputType,
        GetOutputTypeCount = &Outputs,
        GetInputCharacteristic = OrtRowOperators.FirstThree,
        CreateKernelV2 = &Create,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("AttentionRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 11;

    [UnmanagedCallersOnly]
    private static int InputType(OrtCustomOp* op, nuint index) => (int)(index == 3 ? OrtElementType.Bool : OrtElementType.Float);

    [UnmanagedCallersOnly]
    private static nuint Outputs(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static nint Create(OrtCustomOp* op, nint api, nint info, void** kernel) => OrtRowOperators.Guard(&Read, kernel, info);

    private static nint Read(void* kernel, nint info)
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = library.GetAttribute(info, RowOperators.Heads, out long heads);
        if (status != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.KeyHeads, out long keyHeads)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.Scale, out float scale)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.Before, out long before)) != 0) return status;
        if ((status = library.GetAttribute(info, RowOperators.After, out long after)) != 0) return status;
        bool areShared = heads > 0 && keyHeads > 0 && heads % keyHeads == 0 && heads <= int.MaxValue;
        if (!areShared || before is < 0 or > int.MaxValue || after is < 0 or > int.MaxValue)
            return library.Refuse("AttentionRows wants heads that share key heads evenly, and windows that are not negative.\0"u8);
        var settings = (AttentionSettings*)NativeMemory.Alloc((nuint)sizeof(AttentionSettings));
        *settings = new AttentionSettings((int)heads, (int)keyHeads, scale, (int)before, (int)after);
        *(AttentionSettings**)kernel = settings;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard(&Run, kernel, context);

    private static nint Run(void* kernel, nint context)
    {
        OrtLibrary library = OrtLibrary.Loaded;
        var work = new Work { Call = new AttentionCall { Settings = *(AttentionSettings*)kernel } };
        ref AttentionCall call = ref work.Call;
        Span<long> dimensions = stackalloc long[OrtLibrary.LargestRank], maskDimensions = stackalloc long[OrtLibrary.LargestRank];
        nint status = library.GetInput(context, 0, dimensions, out int rank, out OrtMatrix queries);
        if (status != 0) return status;
        if ((status = library.GetInput(context, 1, out OrtMatrix keys)) != 0) return status;
        if ((status = library.GetInput(context, 2, out OrtMatrix values)) != 0) return status;
        if ((status = library.GetInput(context, 3, maskDimensions, out int maskRank, out OrtMatrix mask)) != 0) return status;
        if ((status = library.GetInput(context, 4, out OrtMatrix scales)) != 0) return status;
        (int heads, int keyHeads) = (call.Settings.Heads, call.Settings.KeyHeads);
        int headSize = queries.Columns / heads;
        (long texts, long length) = scales.IsThere && mask.IsThere
            ? (maskDimensions[0], maskDimensions[maskRank - 1])
            : (dimensions[0], dimensions[1]);
        int rows = queries.Rows;
        bool areScales = !scales.IsThere ? rank == 3 : rank == 2 && scales.Count == 2 * rows && texts * length == rows;
        bool areHeads = queries.Columns == heads * headSize && keys.Columns == keyHeads * headSize
            && headSize <= AttentionKernel.LargestHeadSize;
        bool areRows = keys.Rows == rows && values.Rows == rows && values.Columns == keys.Columns;
        bool isMask = !mask.IsThere || (mask.Count == rows && maskDimensions[maskRank - 1] == length);
        if (!areScales || !areHeads || !areRows || !isMask) return library.Refuse(Refusal);
        if ((status = Rows(library, context, 5, queries, scales, out call.Queries)) != 0) return status;
        if ((status = Rows(library, context, 7, keys, scales, out call.Keys)) != 0) return status;
        if ((status = Rows(library, context, 9, values, scales, out call.Values)) != 0) return status;
        if ((status = library.GetOutput(context, 0, dimensions[..rank], out OrtMatrix results)) != 0 || queries.Count == 0) return status;
        call.Results = new HeadRows((float*)results.Data, results.Columns);
        call.Mask = (byte*)mask.Data;
        (call.Length, call.HeadSize) = ((int)length, headSize);
        status = library.RunParallel(context, &Part, (int)texts * keyHeads, &work);
        if (work.Status == 0) return status;
        if (status != 0) library.Forget(status);
        return work.Status;
    }

    private static nint Rows(OrtLibrary library, nint context, int first, in OrtMatrix numbers, in OrtMatrix scales, out HeadRows rows)
    {
        rows = new HeadRows((float*)numbers.Data, numbers.Columns);
        if (!scales.IsThere) return 0;
        nint status = library.GetInput(context, first, out OrtMatrix bias);
        if (status != 0) return status;
        if ((status = library.GetInput(context, first + 1, out OrtMatrix sums)) != 0) return status;
        if (!bias.IsNoneOr(numbers.Columns) || sums.Count != numbers.Columns) return library.Refuse(Refusal);
        rows = new HeadRows((float*)numbers.Data, numbers.Columns, (float*)scales.Data, (float*)bias.Data, (float*)sums.Data);
        return 0;
    }

    // A text and a head of keys. No exception may leave it, and others of its kind run beside it: the first one's status counts.
    [UnmanagedCallersOnly]
    private static void Part(void* given, nuint index)
    {
        var work = (Work*)given;
        try
        {
            int keyHeads = work->Call.Settings.KeyHeads;
            float[] rented = ArrayPool<float>.Shared.Rent(AttentionKernel.Scratch(work->Call.Length, work->Call.HeadSize));
            fixed (float* scratch = rented)
            {
                const nuint Line = 64;
                var aligned = (float*)(((nuint)scratch + Line - 1) & ~(Line - 1));
                AttentionKernel.Run(in work->Call, (int)index / keyHeads, (int)index % keyHeads, aligned);
            }

            ArrayPool<float>.Shared.Return(rented);
        }
        catch (Exception e)
        {
            nint status = OrtRowOperators.Failed(e);
            if (Interlocked.CompareExchange(ref work->Status, status, 0) != 0) OrtLibrary.Loaded.Forget(status);
        }
    }

    private struct Work
    {
        public AttentionCall Call;
        public nint Status;
    }
}
